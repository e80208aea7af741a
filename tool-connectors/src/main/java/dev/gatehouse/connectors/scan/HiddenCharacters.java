package dev.gatehouse.connectors.scan;

/**
 * Finds {@link Detector#HIDDEN_UNICODE}: what is invisible and not part of the spelling.
 *
 * <p>No finding are: a byte order mark at the beginning, joiners within emoji and in scripts that
 * are spelled with them, tags in the flags of Scotland and the like, one variation selector after a
 * symbol or an ideograph, zero-width spaces where scripts have no others, marks of direction, soft
 * hyphens, single icons of private fonts, isolates and embeddings that change nothing or stand
 * around words that are written from right to left.
 */
final class HiddenCharacters {

  /** As many invisible characters in a row carry something, whatever they are. */
  static final int RUN_MAX = 3;

  /** Marks of direction pile up where texts of both directions are put into one another. */
  private static final int DIRECTIONS_MAX = 8;

  /** Icons of a private font may stand side by side; hidden letters are more. */
  private static final int ICONS_MAX = 3;

  private static final int FLAG_TAGS_MAX = 8;
  private static final int BLACK_FLAG = 0x1F3F4;
  private static final int CANCEL_TAG = 0xE007F;
  private static final String CONCEAL = "\u001b[8m";

  private final String text;
  private final Spans spans;
  private boolean rightToLeft;
  private boolean rightToLeftKnown;

  private HiddenCharacters(String text, Spans spans) {
    this.text = text;
    this.spans = spans;
  }

  static void find(String text, boolean ascii, Spans spans) {
    HiddenCharacters scan = new HiddenCharacters(text, spans);
    scan.concealed();
    if (!ascii) {
      scan.invisible();
    }
  }

  /** The terminal's order to show nothing. */
  private void concealed() {
    for (int at = text.indexOf(CONCEAL); at >= 0; at = text.indexOf(CONCEAL, at + 1)) {
      spans.add(Detector.HIDDEN_UNICODE, at, at + CONCEAL.length());
    }
  }

  private void invisible() {
    int before = -1;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (point < 0x80 || !(CodePoints.ignorable(point) || CodePoints.privateUse(point))) {
        before = point;
        i += Character.charCount(point);
        continue;
      }
      int end = runEnd(i);
      int flag = flagEnd(before, i);
      if (flag > 0) {
        end = flag;
      } else if (runHidden(before, i, end)) {
        spans.add(Detector.HIDDEN_UNICODE, i, end);
      }
      before = text.codePointBefore(end);
      i = end;
    }
  }

  /** The end of the invisible characters that begin there. */
  private int runEnd(int start) {
    int first = text.codePointAt(start);
    boolean icons = CodePoints.privateUse(first);
    int end = start;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      if (icons ? !CodePoints.privateUse(point) : !CodePoints.ignorable(point)) {
        break;
      }
      end += Character.charCount(point);
    }
    return end;
  }

  /** The end of the tags of a flag; 0 when these are none. */
  private int flagEnd(int before, int start) {
    if (before != BLACK_FLAG) {
      return 0;
    }
    int at = start;
    for (int count = 0; at < text.length() && count < FLAG_TAGS_MAX; count++) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      if (point == CANCEL_TAG) {
        return at;
      }
      int mirrored = point - 0xE0000;
      if (!(mirrored >= '0' && mirrored <= '9') && !(mirrored >= 'a' && mirrored <= 'z')) {
        return 0;
      }
    }
    return 0;
  }

  private boolean runHidden(int before, int start, int end) {
    int first = text.codePointAt(start);
    if (CodePoints.privateUse(first)) {
      return text.codePointCount(start, end) > ICONS_MAX;
    }
    if (carries(start, end)) {
      return true;
    }
    int after = end < text.length() ? text.codePointAt(end) : -1;
    int previous = before;
    for (int i = start; i < end; ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      int next = i < end ? text.codePointAt(i) : after;
      if (hidden(previous, point, next)) {
        return true;
      }
      previous = point;
    }
    return false;
  }

  /** So many in a row that they carry something, whatever they are. */
  private boolean carries(int start, int end) {
    int directions = 0;
    int others = 0;
    for (int i = start; i < end; ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (direction(point)) {
        directions++;
      } else {
        others++;
      }
    }
    return others >= RUN_MAX || directions >= DIRECTIONS_MAX;
  }

  private static boolean direction(int point) {
    return point == 0x200E
        || point == 0x200F
        || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069);
  }

  private boolean hidden(int before, int point, int after) {
    if (CodePoints.tag(point)) {
      return true;
    }
    if (CodePoints.variationSelector(point)) {
      return !selectable(before);
    }
    return switch (point) {
      case CodePoints.ZERO_WIDTH_SPACE, 0x2060 -> insideWord(before, after);
      case CodePoints.ZERO_WIDTH_NON_JOINER ->
          insideWord(before, after)
              && !CodePoints.spelledWithJoiners(before)
              && !CodePoints.spelledWithJoiners(after);
      case CodePoints.ZERO_WIDTH_JOINER -> strayJoiner(before, after);
      case 0xFEFF -> insideWord(before, after);
      case 0x202D, 0x202E -> true; // overrides
      case 0x202B, 0x2067 -> !mixesDirections(); // to the left of what is written to the right
      case 0x180E, 0x115F, 0x1160, 0x3164, 0xFFA0 -> insideWord(before, after) && !korean(before);
      case 0x206A, 0x206B, 0x206C, 0x206D, 0x206E, 0x206F, 0xFFF9, 0xFFFA, 0xFFFB -> true;
      default -> false;
    };
  }

  private static boolean insideWord(int before, int after) {
    return before >= 0
        && after >= 0
        && Character.isLetterOrDigit(before)
        && Character.isLetterOrDigit(after)
        && !CodePoints.writtenWithoutSpaces(before)
        && !CodePoints.writtenWithoutSpaces(after);
  }

  private static boolean strayJoiner(int before, int after) {
    if (before < 0 || after < 0) {
      return false; // at an edge it joins nothing, and hides nothing either
    }
    boolean emoji = CodePoints.joinsEmoji(before) || CodePoints.joinsEmoji(after);
    return !emoji
        && !CodePoints.spelledWithJoiners(before)
        && !CodePoints.spelledWithJoiners(after)
        && insideWord(before, after);
  }

  /** Whether a variation may be selected of that character: not of letters of alphabets. */
  private static boolean selectable(int base) {
    if (base < 0 || CodePoints.ignorable(base) || Character.isWhitespace(base)) {
      return false;
    }
    return !Character.isLetter(base)
        || Character.isIdeographic(base)
        || CodePoints.writtenWithoutSpaces(base)
        || Character.isEmoji(base)
        || Character.isExtendedPictographic(base)
        || Character.UnicodeScript.of(base) == Character.UnicodeScript.MONGOLIAN
        || Character.UnicodeScript.of(base) == Character.UnicodeScript.PHAGS_PA
        || Character.UnicodeScript.of(base) == Character.UnicodeScript.COMMON;
  }

  private static boolean korean(int point) {
    return Character.UnicodeScript.of(point) == Character.UnicodeScript.HANGUL;
  }

  private boolean mixesDirections() {
    if (!rightToLeftKnown) {
      rightToLeft = text.codePoints().anyMatch(CodePoints::rightToLeft);
      rightToLeftKnown = true;
    }
    return rightToLeft;
  }
}
