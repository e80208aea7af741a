package dev.gatehouse.connectors.scan;

import java.util.Arrays;

/**
 * The words of a text, folded, as {@link Phrases} matches them: {@code text} holds them with one
 * space between, and each knows where it stood.
 *
 * <p>Scripts that are written without spaces give one token a character, without spaces between; so
 * do words that were spaced out letter by letter. A URL is the one character {@link #URL}, an
 * address of mail {@link #EMAIL}, and a file {@code .env} the word {@code dotenv}.
 */
final class Tokens {

  static final char URL = '\uE001';
  static final char EMAIL = '\uE002';

  private static final String DOTENV = "dotenv";
  private static final String LEET = "oizeasgtb9";
  private static final int SPACED_OUT_MIN = 4;

  /** As many tokens are counted between sentences. */
  private static final int SENTENCE_GAP = 2;

  private final String source;
  private char[] text;
  private int[] starts; // per folded character, where its original began
  private int[] ends; // per folded character, where its original ended
  private int[] words; // per folded character, the number of its token
  private int length;
  private int count;
  private int wordBegin;
  private boolean inWord;
  private boolean spaced;
  private boolean letters;
  private boolean digits;
  private boolean foreign;
  private boolean latin;
  private int singles;
  private int singlesBegin;

  private Tokens(String source) {
    this.source = source;
    int room = source.length() + 16;
    text = new char[room];
    starts = new int[room];
    ends = new int[room];
    words = new int[room];
  }

  static Tokens of(String text) {
    Tokens tokens = new Tokens(text);
    tokens.read();
    return tokens;
  }

  int length() {
    return length;
  }

  char at(int index) {
    return text[index];
  }

  /** The number of the token that the character belongs to. */
  int word(int index) {
    return words[index];
  }

  /** Whether a token begins with that character. */
  boolean begins(int index) {
    return text[index] != ' ' && (index == 0 || words[index - 1] != words[index]);
  }

  /** Whether a token ends before that index. */
  boolean endsBefore(int index) {
    return index == length || text[index] == ' ' || words[index - 1] != words[index];
  }

  int start(int index) {
    return starts[index];
  }

  int end(int index) {
    return ends[index];
  }

  private void read() {
    int size = source.length();
    for (int i = 0; i < size; ) {
      char c = source.charAt(i);
      if (c < 0x80) {
        i = ascii(c, i);
      } else {
        int point = source.codePointAt(i);
        int next = i + Character.charCount(point);
        other(point, i, next);
        i = next;
      }
    }
    endWord();
    endSingles();
  }

  private int ascii(char c, int at) {
    if (c >= 'a' && c <= 'z') {
      if (c == 'h' && !inWord && url(at)) {
        return special(URL, at, urlEnd(at));
      }
      sawLatin();
      add(c, at, at + 1);
    } else if (c >= 'A' && c <= 'Z') {
      if (c == 'H' && !inWord && url(at)) {
        return special(URL, at, urlEnd(at));
      }
      sawLatin();
      add((char) (c + 32), at, at + 1);
    } else if (c >= '0' && c <= '9') {
      digits = true;
      add(c, at, at + 1);
    } else if (c == '\'' && inWord) {
      return at + 1; // don't
    } else if (c == '@' && inWord && at + 1 < source.length() && wordChar(source.charAt(at + 1))) {
      return email(at);
    } else if (c == '.' && !inWord && dotenv(at)) {
      endWord();
      for (int i = 0; i < DOTENV.length(); i++) {
        add(DOTENV.charAt(i), at, at + 4);
      }
      return at + 4;
    } else {
      endWord();
      separator(at);
      count += endsSentence(c, at) ? SENTENCE_GAP : 0;
    }
    return at + 1;
  }

  /** Whether what follows is another sentence, or another entry of a list. */
  private boolean endsSentence(char c, int at) {
    char next = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
    return switch (c) {
      case '.', '!', '?', ';' -> next <= ' ';
      case '\n' -> next == '-' || next == '*' || next == '|' || next == '#';
      default -> false;
    };
  }

  private void separator(int at) {
    // Two separators in a row part words that are spaced out.
    boolean second = spaced && singles > 0;
    spaced = true;
    if (second && at > 0 && singles >= SPACED_OUT_MIN) {
      endSingles();
    }
  }

  private void other(int point, int start, int end) {
    if (CodePoints.ignorable(point)) {
      return;
    }
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || point == 0x640) {
      return;
    }
    String folded = Folding.of(point);
    if (!folded.isEmpty()) {
      sawLatin();
      for (int i = 0; i < folded.length(); i++) {
        add(folded.charAt(i), start, end);
      }
    } else if (type == Character.COMBINING_SPACING_MARK) {
      if (inWord) {
        add(point, start, end);
      }
    } else if (!Character.isLetterOrDigit(point)) {
      if (point == 0x2019 && inWord) {
        return;
      }
      endWord();
      separator(start);
    } else if (CodePoints.writtenWithoutSpaces(point)
        && Character.UnicodeScript.of(point) != Character.UnicodeScript.HANGUL) {
      endWord();
      add(Character.toLowerCase(point), start, end);
      endWord();
    } else {
      foreign = true;
      add(Character.toLowerCase(point), start, end);
    }
  }

  private void add(int point, int start, int end) {
    if (!inWord) {
      beginWord();
    }
    for (char c : Character.toChars(point)) {
      append(c, start, end);
    }
  }

  private void add(char c, int start, int end) {
    if (!inWord) {
      beginWord();
    }
    append(c, start, end);
  }

  private void beginWord() {
    if (length > 0 && spaced) {
      append(' ', starts[length - 1], ends[length - 1]);
      words[length - 1] = count - 1;
    }
    inWord = true;
    spaced = false;
    wordBegin = length;
    foreign = false;
    count++;
  }

  private void append(char c, int start, int end) {
    if (length == text.length) {
      int room = length * 2;
      text = Arrays.copyOf(text, room);
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
      words = Arrays.copyOf(words, room);
    }
    text[length] = c;
    starts[length] = start;
    ends[length] = end;
    words[length] = count - 1;
    length++;
  }

  private void endWord() {
    if (!inWord) {
      return;
    }
    inWord = false;
    if (letters && digits) {
      for (int i = wordBegin; i < length; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
          text[i] = LEET.charAt(text[i] - '0');
        }
      }
    }
    if (foreign && latin) {
      for (int i = wordBegin; i < length; i++) {
        char alike = text[i] < 0x80 ? 0 : LookAlikes.latin(text[i]);
        text[i] = alike == 0 ? text[i] : alike;
      }
    }
    forgetKinds();
    if (length - wordBegin == 1 && text[wordBegin] < 0x3000) {
      singlesBegin = singles == 0 ? wordBegin : singlesBegin;
      singles++;
    } else {
      int last = length - wordBegin;
      closeSingles(last);
    }
  }

  private void sawLatin() {
    latin = true;
    letters = true;
  }

  private void forgetKinds() {
    letters = false;
    digits = false;
    latin = false;
    foreign = false;
  }

  private void endSingles() {
    closeSingles(0);
  }

  /** Joins a row of single letters, which ends {@code after} characters ago, by dropping spaces. */
  private void closeSingles(int after) {
    if (singles >= SPACED_OUT_MIN) {
      int to = singlesBegin;
      int end = length - after;
      for (int from = singlesBegin; from < length; from++) {
        if (text[from] != ' ' || from >= end - 1) {
          move(from, to++);
        }
      }
      length = to;
      wordBegin = length - after;
    }
    singles = 0;
  }

  private void move(int from, int to) {
    text[to] = text[from];
    starts[to] = starts[from];
    ends[to] = ends[from];
    words[to] = words[from];
  }

  private int special(char sign, int start, int end) {
    endWord();
    add(sign, start, end);
    endWord();
    return end;
  }

  private boolean url(int at) {
    return source.regionMatches(true, at, "http://", 0, 7)
        || source.regionMatches(true, at, "https://", 0, 8);
  }

  private int urlEnd(int start) {
    int end = start;
    while (end < source.length()) {
      char c = source.charAt(end);
      if (c <= ' ' || c == '"' || c == '>' || c == '<' || c == ')' || c == '`' || c == 0x3002) {
        break;
      }
      end++;
    }
    return end;
  }

  private int email(int at) {
    int end = at + 1;
    boolean dot = false;
    while (end < source.length()
        && (wordChar(source.charAt(end)) || ".-".indexOf(source.charAt(end)) >= 0)) {
      dot |=
          source.charAt(end) == '.'
              && end + 1 < source.length()
              && wordChar(source.charAt(end + 1));
      end++;
    }
    if (!dot) {
      endWord();
      separator(at);
      return at + 1;
    }
    int start = starts[wordBegin];
    length = wordBegin;
    append(EMAIL, start, end);
    forgetKinds();
    endWord();
    return end;
  }

  private boolean dotenv(int at) {
    return source.startsWith(".env", at)
        && (at == 0
            || !(wordChar(source.charAt(at - 1)) || ")]}".indexOf(source.charAt(at - 1)) >= 0))
        && (at + 4 == source.length() || !wordChar(source.charAt(at + 4)));
  }

  private static boolean wordChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
