package dev.gatehouse.connectors.scan;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@link Detector#INSTRUCTION} and {@link Detector#EXFILTRATION} by rules of words.
 *
 * <p>First all words that occur in rules are looked up, each by walking the {@link WordTree} as far
 * as its longest phrase; then each rule that may begin at a word is followed through the words of a
 * window of {@link #WINDOW_TOKENS} tokens. Both take constant time for a token.
 */
final class Phrases {

  /** The longest stretch that one rule may match. */
  static final int WINDOW_TOKENS = 64;

  private final PhraseBook book;
  private final Tokens tokens;
  private int[] matchStarts = new int[16]; // numbers of tokens
  private int[] matchEnds = new int[16]; // numbers of tokens, the last one of the word
  private int[] matchWords = new int[16];
  private int[] matchFrom = new int[16]; // indexes of folded characters
  private int[] matchTo = new int[16];
  private int count;

  private Phrases(PhraseBook book, Tokens tokens) {
    this.book = book;
    this.tokens = tokens;
  }

  static void find(View view, Set<Detector> wanted, Spans spans) {
    Phrases phrases = new Phrases(PhraseBook.OWN, Tokens.of(view.text()));
    phrases.lookUp();
    phrases.follow(view, wanted, spans);
  }

  private void lookUp() {
    int length = tokens.length();
    for (int i = 0; i < length; i++) {
      if (tokens.begins(i)) {
        walk(i, length);
      }
    }
  }

  private void walk(int start, int length) {
    @Nullable WordTree node = book.tree();
    for (int i = start; i < length; i++) {
      node = node.next(tokens.at(i));
      if (node == null) {
        return;
      }
      if (node.beginning() >= 0) {
        match(start, i + 1, node.beginning());
      }
      if (node.whole() >= 0 && tokens.endsBefore(i + 1)) {
        match(start, i + 1, node.whole());
      }
    }
  }

  private void match(int from, int to, int word) {
    if (count == matchStarts.length) {
      int room = count * 2;
      matchStarts = Arrays.copyOf(matchStarts, room);
      matchEnds = Arrays.copyOf(matchEnds, room);
      matchWords = Arrays.copyOf(matchWords, room);
      matchFrom = Arrays.copyOf(matchFrom, room);
      matchTo = Arrays.copyOf(matchTo, room);
    }
    matchStarts[count] = tokens.word(from);
    matchEnds[count] = tokens.word(to - 1);
    matchWords[count] = word;
    matchFrom[count] = from;
    matchTo[count] = to;
    count++;
  }

  private void follow(View view, Set<Detector> wanted, Spans spans) {
    Map<Detector, Integer> done = new EnumMap<>(Detector.class); // what lies before is reported
    for (int i = 0; i < count; i++) {
      List<PhraseRule> rules = book.beginningWith(matchWords[i]);
      for (int r = 0; r < rules.size(); r++) {
        PhraseRule rule = rules.get(r);
        Detector detector = rule.detector();
        if (!wanted.contains(detector) || matchFrom[i] < done.getOrDefault(detector, 0)) {
          continue;
        }
        int last = lastOf(rule, i);
        if (last >= 0) {
          done.put(detector, matchTo[last]);
          spans.add(
              detector,
              view.origin(tokens.start(matchFrom[i])),
              view.originEnd(tokens.end(matchTo[last] - 1)));
        }
      }
    }
  }

  /**
   * The match that fills the last slot of the rule when the first one fills its first; negative
   * when the rule does not apply. The ends of each slot are a set of offsets in the window.
   */
  private int lastOf(PhraseRule rule, int first) {
    int base = matchStarts[first];
    long ends = bit(matchEnds[first] - base);
    int last = first;
    for (int slot = 1; slot < rule.slots().size(); slot++) {
      long next = 0;
      int earliest = -1;
      int gap = rule.slots().get(slot).gap();
      int furthest = base + Long.SIZE - Long.numberOfLeadingZeros(ends) + gap;
      for (int j = first + 1; j < count && matchStarts[j] <= furthest; j++) {
        if (rule.slots().get(slot).words().get(matchWords[j])
            && reached(ends, matchStarts[j] - base, gap)) {
          next |= bit(matchEnds[j] - base);
          earliest = earliest < 0 ? j : earliest;
        }
      }
      if (next == 0) {
        return -1;
      }
      ends = next;
      last = earliest;
    }
    return last;
  }

  /** Whether some end lies before that offset with at most {@code gap} tokens between. */
  private static boolean reached(long ends, int offset, int gap) {
    int least = Math.max(0, offset - 1 - gap);
    long within = ((1L << (offset - least)) - 1) << least;
    return offset > 0 && (ends & within) != 0;
  }

  private static long bit(int offset) {
    return offset < WINDOW_TOKENS ? 1L << offset : 0;
  }
}
