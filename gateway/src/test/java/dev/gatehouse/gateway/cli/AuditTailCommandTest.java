package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.core.audit.AuditRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class AuditTailCommandTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  @RegisterExtension final Printed printed = new Printed();

  private SegmentAuditLog open(String node) {
    return SegmentAuditLog.open(AuditConfig.defaults(directory.resolve("audit"), node));
  }

  private static void refuse(SegmentAuditLog log, String agent, int call) throws Exception {
    log.append(
            new AuditRow(
                Map.of("type", "intent", "call_id", "c" + call, "agent", agent, "verdict", "deny")))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private int tail(String... more) {
    printed.reset();
    String[] all = new String[more.length + 4];
    System.arraycopy(
        new String[] {"audit", "tail", "--dir", directory.resolve("audit").toString()},
        0,
        all,
        0,
        4);
    System.arraycopy(more, 0, all, 4, more.length);
    return GatehouseCommand.run(all);
  }

  /** The calls printed as JSON, in order. */
  private List<String> calls() {
    return printed.lines().stream()
        .map(line -> line.replaceAll(".*\"call_id\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  @Test
  void theLastRowsThatMatchAreShownHoweverFarBackTheyLie() throws Exception {
    try (SegmentAuditLog log = open("gate1")) {
      refuse(log, "ann", 1);
      refuse(log, "ann", 2);
      refuse(log, "ann", 3);
      for (int call = 4; call < 40; call++) {
        refuse(log, "bob", call);
      }
    }

    assertThat(tail("--json", "--agent", "ann", "-n", "2")).isZero();
    assertThat(calls()).containsExactly("c2", "c3");
    assertThat(tail("--json", "--agent", "ann", "--all")).isZero();
    assertThat(calls()).containsExactly("c1", "c2", "c3");
    assertThat(tail("--json", "--agent", "carl")).isZero();
    assertThat(calls()).isEmpty();
    assertThat(tail("-n", "2")).isZero();
    assertThat(printed.lines()).hasSize(2);
    assertThat(tail("-n", "10001")).isNotZero();
  }

  @Test
  void followingShowsWhatMatchesOfEveryNodeAndRowsOnce() throws Exception {
    try (SegmentAuditLog one = open("gate1")) {
      refuse(one, "ann", 1);
      Thread following = Thread.ofPlatform().start(() -> tail("-f", "--json", "--agent", "ann"));
      try {
        await().atMost(SOON).until(() -> calls().equals(List.of("c1")));
        refuse(one, "bob", 2);
        refuse(one, "ann", 3);
        await().atMost(SOON).until(() -> calls().equals(List.of("c1", "c3")));
        try (SegmentAuditLog other = open("gate2")) {
          refuse(other, "ann", 4);
          await().atMost(SOON).until(() -> calls().equals(List.of("c1", "c3", "c4")));
        }
      } finally {
        following.interrupt();
        following.join();
      }
    }
  }
}
