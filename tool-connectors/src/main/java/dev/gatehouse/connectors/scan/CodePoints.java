package dev.gatehouse.connectors.scan;

/** What kinds of code points there are, as far as it matters here. */
final class CodePoints {

  static final int ZERO_WIDTH_SPACE = 0x200B;
  static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  static final int ZERO_WIDTH_JOINER = 0x200D;

  private CodePoints() {}

  /** Whether it is drawn as nothing and stands for no letter: a reader skips it. */
  static boolean ignorable(int point) {
    if (point < 0x80) {
      return false;
    }
    return point == 0xAD
        || point == 0x34F
        || point == 0x61C
        || point == 0x115F
        || point == 0x1160
        || (point >= 0x17B4 && point <= 0x17B5)
        || (point >= 0x180B && point <= 0x180F)
        || (point >= 0x200B && point <= 0x200F)
        || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2060 && point <= 0x206F)
        || point == 0x3164
        || point == 0xFEFF
        || point == 0xFFA0
        || (point >= 0xFFF9 && point <= 0xFFFB)
        || (point >= 0x1D173 && point <= 0x1D17A)
        || (point >= 0xE0000 && point <= 0xE0FFF)
        || variationSelector(point);
  }

  static boolean variationSelector(int point) {
    return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
  }

  /** A character of the block that mirrors ASCII invisibly. */
  static boolean tag(int point) {
    return point >= 0xE0000 && point <= 0xE007F;
  }

  static boolean privateUse(int point) {
    return (point >= 0xE000 && point <= 0xF8FF) || (point >= 0xF0000 && point <= 0x10FFFD);
  }

  /** A letter of a script that is written from right to left. */
  static boolean rightToLeft(int point) {
    return switch (Character.getDirectionality(point)) {
      case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC ->
          true;
      default -> false;
    };
  }

  /** Whether joiners belong to the spelling of words of that letter's script. */
  static boolean spelledWithJoiners(int point) {
    return switch (Character.UnicodeScript.of(point)) {
      case ARABIC,
          SYRIAC,
          NKO,
          MONGOLIAN,
          DEVANAGARI,
          BENGALI,
          GURMUKHI,
          GUJARATI,
          ORIYA,
          TAMIL,
          TELUGU,
          KANNADA,
          MALAYALAM,
          SINHALA,
          KHMER,
          MYANMAR,
          TIBETAN,
          JAVANESE,
          BALINESE,
          ADLAM,
          HANIFI_ROHINGYA ->
          true;
      default -> point >= 0x0951 && point <= 0x0952;
    };
  }

  /** Whether words of that letter's script may be parted by zero-width spaces. */
  static boolean writtenWithoutSpaces(int point) {
    return switch (Character.UnicodeScript.of(point)) {
      case THAI,
          LAO,
          KHMER,
          MYANMAR,
          TIBETAN,
          HAN,
          HIRAGANA,
          KATAKANA,
          HANGUL,
          JAVANESE,
          BALINESE ->
          true;
      default -> false;
    };
  }

  /** Whether it may be part of a sequence of joined emoji. */
  static boolean joinsEmoji(int point) {
    return Character.isExtendedPictographic(point)
        || Character.isEmojiModifier(point)
        || point == 0xFE0F
        || (point >= 0x1F1E6 && point <= 0x1F1FF)
        || point == 0x20E3
        || tag(point);
  }
}
