package dev.gatehouse.policy.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.call.ArgumentsDigest;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.RandomCalls;
import dev.gatehouse.policy.risk.RiskTables;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the Gate put on record decides again, whatever the rules and the call. */
class ReplayPropertyTest {

  private static final long SEED = 20261122;
  private static final int GATES = 200;
  private static final int CALLS = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Set<String> verdicts = new TreeSet<>();
  private long decided;

  @Test
  void aHundredThousandCallsComeOutAgainFromTheirRows() {
    Random random = new Random(SEED);
    for (int i = 0; i < GATES; i++) {
      MemoryAuditLog audit = new MemoryAuditLog();
      decide(random, audit);
      Recomputation again = new Recomputation();
      audit.rows().forEach(again::learn);
      for (Map<String, Object> row : audit.rows("intent")) {
        verdicts.add(String.valueOf(row.get("verdict")));
        assertThat(again.judge(row, () -> arguments(audit, row)))
            .as("seed %d, gate %d: %s", SEED, i, row)
            .isEmpty();
      }
      assertThat(again.summary().unknown()).isZero();
      decided += again.summary().decisions();
    }
    assertThat(decided).isEqualTo(GATES * CALLS);
    assertThat(verdicts).containsExactly("allow", "approval_required", "deny", "throttle");
  }

  /** Calls of an agent that is bound to a rate, under rules and thresholds of their own. */
  private static void decide(Random random, MemoryAuditLog audit) {
    ManualClock clock = new ManualClock();
    GovernanceRules rules =
        new GovernanceRules(
            new RiskTables(
                RiskTables.DEFAULT.operation(),
                RiskTables.DEFAULT.connectorClass(),
                RiskTables.DEFAULT.otherConnectorClass(),
                RiskTables.DEFAULT.session(),
                RiskTables.DEFAULT.target(),
                20 + random.nextInt(40),
                60 + random.nextInt(40)),
            RandomCalls.rules(random));
    Agent agent = Calls.agent(Calls.TRIAGE, OptionalInt.of(60), Map.of("env", "prod"));
    try (Governance governance =
        Governance.start(rules, GovernanceLimits.DEFAULT, Calls.registry(agent), audit, clock)) {
      for (int c = 0; c < CALLS; c++) {
        ToolCall call = RandomCalls.call(random);
        var _ = governance.gate().admit(call);
        clock.advance(Duration.ofMillis(random.nextInt(2_000)));
      }
    }
  }

  private static Optional<Map<String, Object>> arguments(
      MemoryAuditLog audit, Map<String, Object> row) {
    return audit
        .body(row)
        .map(
            body -> {
              try {
                return ArgumentsDigest.arguments(JSON.readValue(body, Object.class));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
