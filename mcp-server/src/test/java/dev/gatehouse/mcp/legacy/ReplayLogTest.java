package dev.gatehouse.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.mcp.legacy.ReplayLog.Event;
import org.junit.jupiter.api.Test;

final class ReplayLogTest {

  private static final int BYTES_MAX = 100;

  private final ReplayLog log = new ReplayLog(5, BYTES_MAX);

  @Test
  void asManyBytesAreKeptAsTheLimitSaysAndTheOldestGoFirst() {
    add(1, 1, 40);
    add(2, 1, 60);
    assertThat(numbers(1)).containsExactly(1);

    add(1, 2, 1);
    assertThat(numbers(1)).containsExactly(2);
    assertThat(numbers(2)).containsExactly(1);
  }

  @Test
  void oneLargeMessagePushesOutAllThatAreInItsWay() {
    add(1, 1, 30);
    add(1, 2, 30);
    add(1, 3, 30);
    add(1, 4, 70);
    assertThat(numbers(1)).containsExactly(3, 4);
  }

  @Test
  void aMessageLargerThanTheLimitIsNotKept() {
    add(1, 1, BYTES_MAX + 1);
    assertThat(log.size()).isZero();

    add(1, 2, BYTES_MAX);
    assertThat(numbers(1)).containsExactly(2);
  }

  @Test
  void whatIsForgottenMakesRoom() {
    add(1, 1, 60);
    add(2, 1, 40);
    log.forget(1);
    add(2, 2, 60);
    assertThat(numbers(2)).containsExactly(1, 2);
  }

  @Test
  void asManyMessagesAreKeptAsTheLimitSays() {
    for (int number = 1; number <= 6; number++) {
      add(1, number, 1);
    }
    assertThat(numbers(1)).containsExactly(2, 3, 4, 5, 6);
    assertThat(log.after(1, 4)).extracting(Event::number).containsExactly(5, 6);
  }

  private void add(int stream, int number, int bytes) {
    log.add(new Event(stream, number, new byte[bytes]));
  }

  private Iterable<Integer> numbers(int stream) {
    return log.after(stream, 0).stream().map(Event::number).toList();
  }
}
