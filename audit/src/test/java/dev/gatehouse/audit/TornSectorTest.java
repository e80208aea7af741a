package dev.gatehouse.audit;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.intent;
import static dev.gatehouse.audit.LogFixture.padded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.segment.TailJudge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batch of which the disk wrote some sectors and not others before the power went: whichever they
 * are, the rows before it are kept and the rest is a torn end.
 */
class TornSectorTest {

  private static final int ROWS_BEFORE = 4;
  private static final int SUBSETS = 60;
  private static final int RECOVERIES = 6;

  @TempDir Path temp;
  LogFixture crashed;
  byte[] segment;
  int batchStart;
  int batchEnd;

  @BeforeEach
  void crashInABatchOfManySectors() throws Exception {
    LogFixture live = new LogFixture(Files.createDirectory(temp.resolve("live")));
    crashed = new LogFixture(Files.createDirectory(temp.resolve("crashed")));
    FaultyDisk disk = new FaultyDisk();
    try (SegmentAuditLog log = LogOpener.open(live.config(), disk)) {
      durable(log, intent("c1"));
      log.awaitIdle(Duration.ofSeconds(10));
      disk.hold();
      log.append(event(0));
      disk.awaitHeld();
      for (int row = 1; row <= 5; row++) {
        log.append(padded(row, 1_000 * row));
      }
      disk.release();
      assertThat(log.awaitIdle(Duration.ofSeconds(10))).isTrue();
      LogFixture.copy(live.dir, crashed.dir);
      LogFixture.copy(live.witness, crashed.witness);
    }
    segment = Files.readAllBytes(crashed.segment(1, 0));
    batchEnd = (int) TailJudge.dataEnd(crashed.segment(1, 0), 0);
    batchStart = batchOf(segment);
    assertThat(batchEnd - batchStart).isGreaterThan(3 * 4096);
  }

  /** Where the last batch begins: behind the fourth row. */
  private static int batchOf(byte[] segment) {
    int at = 0;
    for (byte[] frame : TamperTest.frames(segment).subList(0, ROWS_BEFORE)) {
      at += frame.length;
    }
    return at;
  }

  private int first(int sectorBytes) {
    return batchStart / sectorBytes;
  }

  private int sectors(int sectorBytes) {
    return (batchEnd - 1) / sectorBytes - first(sectorBytes) + 1;
  }

  /** What lies there when these sectors of the batch were not written. */
  private byte[] without(BitSet lost, int sectorBytes) {
    byte[] torn = segment.clone();
    lost.stream()
        .forEach(
            sector -> {
              int from = (first(sectorBytes) + sector) * sectorBytes;
              Arrays.fill(
                  torn,
                  Math.max(from, batchStart),
                  Math.min(from + sectorBytes, torn.length),
                  (byte) 0);
            });
    return torn;
  }

  private void requireKept(BitSet lost, int sectorBytes) throws Exception {
    Files.write(crashed.segment(1, 0), without(lost, sectorBytes));
    assertThat(crashed.sound().counts().rows())
        .as("lost %s of %d sectors of %d bytes", lost, sectors(sectorBytes), sectorBytes)
        .isEqualTo(ROWS_BEFORE);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void aBatchWithoutOneOfItsSectorsIsATornEnd(int sectorBytes) throws Exception {
    for (int sector = 0; sector < sectors(sectorBytes); sector++) {
      BitSet lost = new BitSet();
      lost.set(sector);
      requireKept(lost, sectorBytes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void aBatchWithoutAnyOfItsSectorsIsATornEnd(int sectorBytes) throws Exception {
    Random random = new Random(512L + sectorBytes);
    int sectors = sectors(sectorBytes);
    for (int subset = 0; subset < SUBSETS; subset++) {
      requireKept(someOf(sectors, random), sectorBytes);
    }
  }

  private static BitSet someOf(int sectors, Random random) {
    BitSet lost = new BitSet();
    lost.set(random.nextInt(sectors));
    for (int sector = 0; sector < sectors; sector++) {
      if (random.nextBoolean()) {
        lost.set(sector);
      }
    }
    return lost;
  }

  @Test
  void theNextStartCutsSuchAnEndAndGoesOn() throws Exception {
    Random random = new Random(4096);
    for (int sectorBytes : new int[] {512, 4096}) {
      for (int round = 0; round < RECOVERIES; round++) {
        LogFixture again =
            new LogFixture(Files.createDirectory(temp.resolve(sectorBytes + "-" + round)));
        LogFixture.copy(crashed.dir, again.dir);
        LogFixture.copy(crashed.witness, again.witness);
        Files.write(
            again.segment(1, 0), without(someOf(sectors(sectorBytes), random), sectorBytes));
        again.open().close();
        assertThat(again.sound().counts().openCalls()).isZero();
        assertThat(again.rows())
            .anyMatch(row -> "audit.recovered".equals(row.fields().get("event")));
      }
    }
  }
}
