package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.outcome;
import static dev.gatehouse.audit.LogFixture.padded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets each step that the log asks of its disk fail once, from the opening to the seal, over a
 * change of segments: whatever fails, the next start opens the record, it holds, and every row that
 * was acknowledged is in it.
 */
class EveryStepFailsTest {

  private static final String OPENER = Thread.currentThread().getName();
  private static final List<String> STEPS =
      List.of(
          "write by " + OPENER,
          "sync by " + OPENER,
          "rename by " + OPENER,
          "sync of a directory by " + OPENER,
          "create by audit-preallocate",
          "write by audit-preallocate",
          "sync by audit-preallocate",
          "write by audit-writer",
          "sync by audit-writer",
          "rename by audit-writer",
          "sync of a directory by audit-writer",
          "cut by audit-writer");

  /** The first of each kind, beyond which they repeat each other. */
  private static final int EACH_MAX = 3;

  private static final int PADDED_ROWS = 12;

  @TempDir Path temp;

  @Test
  void whicheverStepFailsNothingAcknowledgedIsLost() throws Exception {
    for (String step : STEPS) {
      boolean failed = true;
      for (int number = 1; failed && number <= EACH_MAX; number++) {
        failed = survives(step, number);
        assertThat(failed || number > 1).as("%s is a step that the log takes", step).isTrue();
      }
    }
  }

  /** Returns whether there was such a step. */
  private boolean survives(String step, int number) throws Exception {
    String name = step.replace(' ', '-') + number;
    LogFixture fixture = new LogFixture(Files.createDirectory(temp.resolve(name)));
    fixture.open().close();
    FaultyDisk disk = new FaultyDisk();
    disk.failStep(step, number);
    List<AuditReceipt> acknowledged = run(fixture, disk);
    fixture.open().close();
    fixture.sound();
    assertThat(fixture.rows())
        .as("%s, number %d", step, number)
        .extracting(StoredRow::receipt)
        .containsAll(acknowledged);
    return disk.failed();
  }

  private static List<AuditReceipt> run(LogFixture fixture, FaultyDisk disk) {
    List<AuditReceipt> acknowledged = new ArrayList<>();
    try (SegmentAuditLog log = LogOpener.open(fixture.config(), disk)) {
      append(log, intent("c1"), acknowledged);
      for (int i = 0; i < PADDED_ROWS; i++) {
        append(log, padded(i, 7_000), acknowledged);
      }
      append(log, outcome("c1"), acknowledged);
      append(log, intent("c2"), acknowledged);
    } catch (AuditUnavailableException refused) {
      // What was acknowledged counts.
    }
    return acknowledged;
  }

  private static void append(SegmentAuditLog log, AuditRow row, List<AuditReceipt> acknowledged) {
    try {
      acknowledged.add(log.append(row).toCompletableFuture().join());
    } catch (AuditUnavailableException | CompletionException refused) {
      // So it is not in the list.
    }
  }
}
