package dev.gatehouse.policy.text;

/**
 * {@code path.length}, which the compact form allows, as CEL's {@code size(path)}. Texts in quotes
 * and calls such as {@code x.length()} stay as they are.
 */
final class LengthSugar {

  private static final String LENGTH = ".length";

  private LengthSugar() {}

  static String expand(String expression) {
    StringBuilder out = new StringBuilder(expression.length() + 8);
    int pathStart = -1; // in out: where the path that ends here begins
    int i = 0;
    while (i < expression.length()) {
      char c = expression.charAt(i);
      if (c == '"' || c == '\'') {
        int end = endOfString(expression, i);
        out.append(expression, i, end);
        i = end;
        pathStart = -1;
      } else if (pathStart >= 0 && isLength(expression, i)) {
        out.insert(pathStart, "size(").append(')');
        i += LENGTH.length();
        pathStart = -1;
      } else {
        boolean continues = Character.isLetterOrDigit(c) || c == '_' || c == '.';
        if (continues && pathStart < 0 && c != '.' && !Character.isDigit(c)) {
          pathStart = out.length();
        } else if (!continues) {
          pathStart = -1;
        }
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private static boolean isLength(String text, int at) {
    if (!text.startsWith(LENGTH, at)) {
      return false;
    }
    int end = at + LENGTH.length();
    char next = end < text.length() ? text.charAt(end) : ' ';
    return !Character.isLetterOrDigit(next) && next != '_' && next != '(' && next != '.';
  }

  private static int endOfString(String text, int start) {
    char quote = text.charAt(start);
    int i = start + 1;
    while (i < text.length() && text.charAt(i) != quote) {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(text.length(), i + 1);
  }
}
