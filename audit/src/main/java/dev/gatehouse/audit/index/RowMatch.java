package dev.gatehouse.audit.index;

import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.read.RowBlock;
import java.util.List;

/** Whether a row holds all words of a query. Single thread. */
final class RowMatch implements RowMembers.Sink {

  private final List<Word> words;
  private final RowMembers members = new RowMembers(this);
  private int missing;

  RowMatch(List<Word> words) {
    this.words = words;
  }

  boolean test(RowBlock row) {
    return test(row.buffer(), row.textAt(), row.textBytes());
  }

  boolean test(byte[] buffer, int from, int length) {
    missing = (1 << words.size()) - 1;
    if (missing != 0) {
      members.scan(buffer, from, length);
    }
    return missing == 0;
  }

  @Override
  public void found(Criterion criterion, byte[] buffer, int from, int to) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).is(criterion, buffer, from, to)) {
        missing &= ~(1 << i);
      }
    }
  }
}
