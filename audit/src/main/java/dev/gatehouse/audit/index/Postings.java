package dev.gatehouse.audit.index;

import dev.gatehouse.audit.index.RowQuery.Criterion;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Which words the blocks of a transaction hold, each once: sorted at the end, so that a word's
 * blocks are written side by side. Single thread.
 */
final class Postings implements RowMembers.Sink {

  /** Most blocks: their place among those of the transaction takes a word's free bits. */
  static final int BLOCKS_MAX = 1 << Word.FREE_BITS;

  private static final int RECENT = 1 << 10;

  private final long[] recent = new long[RECENT];
  private long[] pairs = new long[1 << 12];
  private int count;
  private int block;

  /** Takes what the rows of the block of that place, from 0, hold from now on. */
  void block(int place) {
    block = place;
  }

  @Override
  public void found(Criterion criterion, byte[] buffer, int from, int to) {
    long pair = Word.number(criterion, buffer, from, to) | block;
    // Neighbours repeat each other: most of it ends here. What comes through twice is sorted out.
    int slot = (int) (pair >>> Word.FREE_BITS) & (RECENT - 1);
    if (recent[slot] == pair) {
      return;
    }
    recent[slot] = pair;
    if (count == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * count);
    }
    pairs[count++] = pair;
  }

  /** Takes a word and the place of a block that holds it. */
  interface Each {
    void posting(long word, int block) throws SQLException;
  }

  /** Gives all of them away, in the order of words, and forgets them. */
  void drain(Each each) throws SQLException {
    Arrays.sort(pairs, 0, count);
    for (int i = 0; i < count; i++) {
      if (i == 0 || pairs[i] != pairs[i - 1]) {
        each.posting(pairs[i] >>> Word.FREE_BITS, (int) pairs[i] & (BLOCKS_MAX - 1));
      }
    }
    clear();
  }

  void clear() {
    count = 0;
    block = 0;
    Arrays.fill(recent, 0);
  }
}
