package dev.gatehouse.audit.index;

import dev.gatehouse.audit.index.RowQuery.Criterion;
import dev.gatehouse.audit.row.StoredRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Criteria as a test of single rows, the same that a query of the index makes. Single thread. */
public final class RowCriteria {

  private final RowMatch match;

  private RowCriteria(List<Word> words) {
    this.match = new RowMatch(words);
  }

  /**
   * A test of rows against all of these; without any, every row passes.
   *
   * @throws IllegalArgumentException when no row can hold a value
   */
  public static RowCriteria of(Map<Criterion, String> criteria) {
    return new RowCriteria(
        criteria.entrySet().stream().map(each -> Word.of(each.getKey(), each.getValue())).toList());
  }

  public boolean test(StoredRow row) {
    byte[] text = row.json().getBytes(StandardCharsets.UTF_8);
    return match.test(text, 0, text.length);
  }
}
