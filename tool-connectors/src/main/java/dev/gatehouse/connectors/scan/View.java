package dev.gatehouse.connectors.scan;

import org.jspecify.annotations.Nullable;

/** A text without its hidden characters, which knows where each of the others stood. */
final class View {

  private final String text;
  private final int @Nullable [] origins;
  private final boolean ascii;

  private View(String text, int @Nullable [] origins, boolean ascii) {
    this.text = text;
    this.origins = origins;
    this.ascii = ascii;
  }

  static View of(String original) {
    int first = 0;
    while (first < original.length() && original.charAt(first) < 0x80) {
      first++;
    }
    if (first == original.length()) {
      return new View(original, null, true);
    }
    boolean any = original.codePoints().anyMatch(CodePoints::ignorable);
    return any ? stripped(original) : new View(original, null, false);
  }

  private static View stripped(String original) {
    StringBuilder text = new StringBuilder(original.length());
    int[] origins = new int[original.length() + 1];
    for (int i = 0; i < original.length(); ) {
      int point = original.codePointAt(i);
      int width = Character.charCount(point);
      if (!CodePoints.ignorable(point)) {
        for (int k = 0; k < width; k++) {
          origins[text.length() + k] = i + k;
        }
        text.appendCodePoint(point);
      }
      i += width;
    }
    origins[text.length()] = original.length();
    return new View(text.toString(), origins, false);
  }

  String text() {
    return text;
  }

  /** Whether there is nothing but ASCII in it. */
  boolean ascii() {
    return ascii;
  }

  /** Where the character at that index stood in the original. */
  int origin(int index) {
    return origins == null ? index : origins[index];
  }

  /** Where the part that ends before that index ended in the original. */
  int originEnd(int index) {
    return origins == null || index == 0 ? index : origins[index - 1] + 1;
  }
}
