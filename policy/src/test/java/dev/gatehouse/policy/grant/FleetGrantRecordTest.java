package dev.gatehouse.policy.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.policy.record.Recomputation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an auditor makes of a fleet's grants from the rows of its nodes. */
class FleetGrantRecordTest extends GrantPeers {

  @Test
  void anAuditorHoldsEachUseAgainstWhatItsOwnNodeKnew() {
    Grant grant = one.granted();
    one.tells(two);
    two.scene.clock.advance(Duration.ofMinutes(2)); // and stays ahead
    two.rule();
    one.revoke(grant);
    one.tells(two);
    two.scene.clock.advance(Duration.ofMillis(1));

    assertThat(recomputed("one", "two")).isEmpty();
    assertThat(recomputed("two")).isEmpty();

    Map<String, Object> late = new LinkedHashMap<>(use());
    late.merge("decided_at_ms", 1L, (at, more) -> (long) at + (long) more);
    assertThat(learnt("one", "two").judge(late, "two", Optional::empty))
        .hasValue("grant " + grant.id() + " had ended");
    // Where its own end is not on record, the other node's counts, whose clock may be another.
    Recomputation withoutItsOwn = new Recomputation();
    two.scene.audit.rows().stream()
        .filter(row -> !"grant.ended".equals(row.get("event")))
        .forEach(row -> withoutItsOwn.learn(row, "two"));
    one.scene.audit.rows().forEach(row -> withoutItsOwn.learn(row, "one"));
    assertThat(withoutItsOwn.judge(use(), "two", Optional::empty)).isEmpty();
    Map<String, Object> later = new LinkedHashMap<>(use());
    later.put("decided_at_ms", one.ended().getFirst().get("at_ms"));
    later.merge("decided_at_ms", 600_001L, (at, more) -> (long) at + (long) more);
    assertThat(withoutItsOwn.judge(later, "two", Optional::empty)).isPresent();
  }

  private Map<String, Object> use() {
    return two.scene.audit.rows("intent").stream()
        .filter(row -> row.containsKey("grant"))
        .findFirst()
        .orElseThrow();
  }

  private Recomputation learnt(String... nodes) {
    Recomputation recomputation = new Recomputation();
    for (GrantPeer peer : List.of(one, two)) {
      if (List.of(nodes).contains(peer.name)) {
        peer.scene.audit.rows().forEach(row -> recomputation.learn(row, peer.name));
      }
    }
    return recomputation;
  }

  private List<String> recomputed(String... nodes) {
    Recomputation recomputation = learnt(nodes);
    List<String> problems = new ArrayList<>();
    for (GrantPeer peer : List.of(one, two)) {
      if (List.of(nodes).contains(peer.name)) {
        peer.scene
            .audit
            .rows("intent")
            .forEach(
                row ->
                    recomputation.judge(row, peer.name, Optional::empty).ifPresent(problems::add));
        peer.opened()
            .forEach(row -> recomputation.judgeOpening(row, peer.name).ifPresent(problems::add));
      }
    }
    assertThat(recomputation.openings().approved()).isEqualTo(nodes.length == 2 ? 2 : 0);
    return problems;
  }
}
