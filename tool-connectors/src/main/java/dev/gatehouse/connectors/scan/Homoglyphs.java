package dev.gatehouse.connectors.scan;

import java.lang.Character.UnicodeScript;

/**
 * Finds {@link Detector#HOMOGLYPH}: words in which all letters that are not Latin look like Latin
 * ones, beside some that are.
 *
 * <p>No finding is a word with a letter that only the other script has: a person wrote that one.
 * Nor is a Latin abbreviation with an ending in small letters of another script. In names, on which
 * models act, a word without any Latin letter is one too when all its letters look Latin, and so is
 * a Latin letter in mathematical or full-width dress.
 */
final class Homoglyphs {

  private static final int LETTERS_MIN = 3;

  private final String text;
  private final boolean name;
  private final Spans spans;
  private int start = -1;
  private int latin;
  private int alike;
  private int dressed;
  private int letters;
  private boolean foreign;
  private boolean latinSmall;
  private boolean alikeThenLatin;

  private Homoglyphs(String text, boolean name, Spans spans) {
    this.text = text;
    this.name = name;
    this.spans = spans;
  }

  /**
   * @param name whether it is the name of something, for which the rules are stricter
   */
  static void find(String text, boolean name, Spans spans) {
    new Homoglyphs(text, name, spans).words();
  }

  private void words() {
    for (int i = 0; i < text.length(); ) {
      char first = text.charAt(i);
      if (first < 0x80) {
        if (isAsciiLetter(first)) {
          begin(i);
          latin(first);
        } else if (!(first >= '0' && first <= '9')) {
          end(i);
        }
        i++;
        continue;
      }
      int point = text.codePointAt(i);
      if (Character.isLetter(point)) {
        begin(i);
        letter(point);
      } else if (!CodePoints.ignorable(point)
          && Character.getType(point) != Character.NON_SPACING_MARK) {
        end(i);
      }
      i += Character.charCount(point);
    }
    end(text.length());
  }

  private static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private void begin(int at) {
    if (start < 0) {
      start = at;
      latin = 0;
      alike = 0;
      dressed = 0;
      letters = 0;
      foreign = false;
      latinSmall = false;
      alikeThenLatin = false;
    }
  }

  private void latin(int point) {
    letters++;
    latin++;
    latinSmall |= Character.isLowerCase(point);
    alikeThenLatin |= alike > 0;
  }

  private void letter(int point) {
    if (point <= 0xFFFF && LookAlikes.latin((char) point) != 0) {
      letters++;
      alike++;
    } else if (Folding.dressedLatin(point)) {
      letters++;
      dressed++;
    } else if (UnicodeScript.of(point) == UnicodeScript.LATIN) {
      latin(point);
    } else {
      letters++;
      foreign = true;
    }
  }

  private void end(int at) {
    if (start >= 0 && suspicious()) {
      spans.add(Detector.HOMOGLYPH, start, at);
    }
    start = -1;
  }

  private boolean suspicious() {
    if (name && !foreign && (alike == letters || dressed > 0)) {
      return alike + dressed > 0;
    }
    boolean abbreviation = !latinSmall && !alikeThenLatin && latin >= 2;
    return !foreign
        && alike > 0
        && latin > 0
        && letters >= (name ? 2 : LETTERS_MIN)
        && (name || !abbreviation);
  }
}
