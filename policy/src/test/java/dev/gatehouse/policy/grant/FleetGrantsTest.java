package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.OTHER;
import static dev.gatehouse.policy.grant.GrantsScene.REOPEN;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.fleet.SharedNotes;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.stop.StopScope;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.record.Recomputation;
import dev.gatehouse.policy.risk.RiskTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants of several nodes and what is carried between them, now and then late or twice. */
class FleetGrantsTest {

  private static final Map<String, Object> WANTED = wanting("tool", "tickets__close", "minutes", 5);
  private static final String ASKED = "policy:ask";

  @TempDir private Path directory;
  private final List<Peer> peers = new ArrayList<>();
  private Peer one;
  private Peer two;

  @BeforeEach
  void start() {
    one = new Peer("one");
    two = new Peer("two");
  }

  @AfterEach
  void close() {
    peers.forEach(peer -> peer.scene.close());
  }

  @Test
  void whatOneNodeOpensIsOpenAtTheOtherAndItsRowSaysWhereItWasOpened() {
    Grant grant = one.granted();
    assertThat(two.rule()).isEqualTo(ASKED);
    one.tells(two);

    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    assertThat(two.opened())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("from", "one")
                    .containsEntry("grant", grant.id())
                    .containsEntry("scope_digest", grant.scope().digest().hex())
                    .containsEntry("approver", "Bob"));
    assertThat(one.opened().getFirst()).doesNotContainKey("from");
    assertThat(two.scene.governance.grants().open()).containsExactly(grant);
  }

  @Test
  void itOpensNothingButItsScopeThereEither() {
    one.granted();
    one.tells(two);
    assertThat(two.scene.ruleOf(TRIAGE, REOPEN)).isEqualTo(ASKED);
    assertThat(two.scene.ruleOf(OTHER, CLOSE)).isEqualTo(ASKED);
  }

  @Test
  void revokedAtEitherNodeItEndsAtBoth() {
    Grant first = one.granted();
    one.tells(two);
    assertThat(two.revoke(first)).isTrue();
    assertThat(two.rule()).isEqualTo(ASKED);
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
    assertThat(one.ended())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("why", "revoked")
                    .containsEntry("from", "two")
                    .containsEntry("operator", "Bob")
                    .containsEntry("reason", "done"));

    one.scene.clock.advance(Duration.ofMillis(1));
    Grant second = one.granted();
    one.tells(two);
    assertThat(one.revoke(second)).isTrue();
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
  }

  @Test
  void aStopAtEitherNodeEndsItForGoodAtBoth() {
    one.granted();
    one.tells(two);
    StopScope stopped = new StopScope.OneAgent(TRIAGE);
    join(two.scene.governance.killSwitch().stop(stopped, "incident", "Bob"));
    join(two.scene.governance.killSwitch().lift(stopped, "over", "Bob"));
    two.tells(one);
    one.tells(two);
    assertThat(one.rule()).isEqualTo(ASKED);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).containsExactly("grant.opened", "grant.ended suspended");
    assertThat(one.scene.events()).containsExactly("grant.opened", "grant.ended suspended");
  }

  @Test
  void anAgentDecommissionedAtEitherNodeHasItAtNeither() {
    one.granted();
    one.tells(two);
    two.status(AgentStatus.DECOMMISSIONED);
    two.scene.governance.replace(GrantsScene.RULES);
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
    assertThat(one.ended().getFirst()).containsEntry("why", "decommissioned");
  }

  @Test
  void anAgentThatANodeDoesNotKnowYetKeepsIt() {
    Grant grant = one.granted();
    Agent agent = two.scene.registered(TRIAGE);
    two.scene.agents.remove(TRIAGE);
    one.tells(two);
    two.scene.governance.replace(GrantsScene.RULES);
    two.tells(one);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.scene.agents.put(TRIAGE, agent);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void itExpiresAtBothToTheMillisecond() {
    Grant grant = one.granted();
    one.tells(two);
    two.scene.clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    two.scene.clock.advance(Duration.ofMillis(1));
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.governance.grants().open()).isEmpty();
  }

  @Test
  void whereTheClockIsSlowItEndsAsTheNodeSaysThatOpenedIt() {
    one.granted();
    one.tells(two);
    one.scene.clock.advance(Duration.ofMinutes(5));
    assertThat(one.rule()).isEqualTo(ASKED);
    one.scene.governance.grants().open();
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.ended().getFirst()).containsEntry("why", "expired").containsEntry("from", "one");
  }

  @Test
  void whereTheClockIsFastItEndsThereAloneAndLaterForAll() {
    Grant grant = one.granted();
    one.tells(two);
    two.scene.clock.advance(Duration.ofMinutes(15).minusMillis(1));
    two.scene.governance.grants().open();
    two.tells(one);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.scene.clock.advance(Duration.ofMillis(1));
    two.scene.governance.grants().open();
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
  }

  @Test
  void underOtherRulesItOpensNothingAndEndsOnlyWhereItWasOpened() {
    Grant grant = one.granted();
    one.tells(two);
    GovernanceRules others = new GovernanceRules(RiskTables.DEFAULT, List.of());
    two.scene.governance.replace(others);
    assertThat(two.rule()).isNotEqualTo("grant:" + grant.id());
    two.tells(one);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());

    two.scene.governance.replace(GrantsScene.RULES);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    one.scene.governance.replace(others);
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.ended().getFirst()).containsEntry("why", "superseded");
  }

  @Test
  void anEndThatArrivesBeforeTheOpeningWins() {
    Grant grant = one.granted();
    List<FleetNote> opening = one.notes();
    one.revoke(grant);
    one.tells(two);
    two.hears(opening);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).isEmpty();
  }

  @Test
  void anEndThatArrivesWhileTheOpeningIsBeingRecordedWins() {
    Grant grant = one.granted();
    two.scene.audit.hold();
    one.tells(two);
    one.revoke(grant);
    one.tells(two);
    two.scene.audit.release();
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).containsExactly("grant.opened", "grant.ended elsewhere");
  }

  @Test
  void whatCannotBeRecordedOpensNothingUntilItCan() {
    Grant grant = one.granted();
    two.scene.audit.hold();
    one.tells(two);
    two.scene.audit.fail();
    two.scene.audit.release();
    two.scene.audit.mend();
    assertThat(two.rule()).isEqualTo(ASKED);
    two.hears(List.of());
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void anEndHoldsThoughItCannotBeRecorded() {
    Grant grant = one.granted();
    one.tells(two);
    one.revoke(grant);
    two.scene.audit.fail();
    one.tells(two);
    two.scene.audit.mend();
    assertThat(two.rule()).isEqualTo(ASKED);
  }

  @Test
  void whatIsToldTwiceLeavesOneRow() {
    Grant grant = one.granted();
    one.tells(two);
    one.tells(two);
    two.tells(one);
    one.revoke(grant);
    one.tells(two);
    one.tells(two);
    two.tells(one);
    assertThat(one.scene.events()).containsExactly("grant.opened", "grant.ended revoked");
    assertThat(two.scene.events()).containsExactly("grant.opened", "grant.ended revoked");
  }

  @Test
  void aNodeThatHasNotHeardFromTheFleetForLongerThanTheLeaseAsks() {
    Grant grant = one.granted();
    one.tells(two);
    two.silence = LiveGrants.LEASE;
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    two.silence = LiveGrants.LEASE.plusNanos(1);
    assertThat(two.rule()).isEqualTo(ASKED);
    one.silence = Duration.ofDays(1);
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.silence = Duration.ZERO;
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void whereTheFleetForgotEverythingAGrantCountsWhenItsOwnNodeSaysItAgain() {
    Grant grant = one.granted();
    one.tells(two);
    assertThat(two.notes()).isEmpty(); // only that node says it
    two.side.begunAnew();
    assertThat(two.rule()).isEqualTo(ASKED);
    one.tells(two);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    assertThat(two.opened()).hasSize(1);
  }

  @Test
  void anEndIsToldStillAfterARestartOfTheNodeThatOrderedIt() {
    Grant grant = one.granted();
    one.tells(two);
    List<FleetNote> opening = one.notes();
    assertThat(two.revoke(grant)).isTrue();
    two.restart();
    two.hears(opening);
    assertThat(two.rule()).isEqualTo(ASKED);
    two.tells(one);
    assertThat(one.rule()).isEqualTo(ASKED);
  }

  @Test
  void theNodeThatOpenedItSaysSoAgainAfterARestart() {
    Grant grant = one.granted();
    one.restart();
    one.tells(two);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
    assertThat(one.rule()).isEqualTo("grant:" + grant.id());
    two.restart();
    assertThat(two.rule()).isEqualTo(ASKED);
    one.tells(two);
    assertThat(two.rule()).isEqualTo("grant:" + grant.id());
  }

  @Test
  void aNodeWhoseConfigHasNoGrantsTakesNone() {
    two.scene.rules = Optional.empty();
    two.restart();
    one.granted();
    one.tells(two);
    assertThat(two.rule()).isEqualTo(ASKED);
    assertThat(two.scene.events()).isEmpty();
  }

  @Test
  void whatCannotBeReadOpensNothingAndItsEndHarmsNobody() {
    two.hears(
        List.of(
            new FleetNote("grn_new", false, "{\"scope\":{\"region\":\"eu\"}}"),
            new FleetNote("grn_old", true, "?")));
    assertThat(two.scene.governance.grants().open()).isEmpty();
    assertThat(two.scene.events()).isEmpty();
  }

  @Test
  void aNoteUnderAnotherNameThanItsGrantOpensNothing() {
    one.granted();
    FleetNote note = one.notes().getFirst();
    two.hears(List.of(new FleetNote("grn_other", false, note.text())));
    assertThat(two.rule()).isEqualTo(ASKED);
  }

  @Test
  void moreThanAreHeldOpenNothing() {
    one.granted();
    FleetNote note = one.notes().getFirst();
    String id = note.id();
    List<FleetNote> many = new ArrayList<>();
    for (int i = 0; i < ArrivedShelf.ARRIVED_MAX; i++) {
      many.add(new FleetNote("grn_" + i, false, note.text().replace(id, "grn_" + i)));
    }
    two.hears(many);
    assertThat(two.scene.governance.grants().open()).hasSize(ArrivedShelf.ARRIVED_MAX);
    two.hears(List.of(note));
    assertThat(two.scene.governance.grants().open()).hasSize(ArrivedShelf.ARRIVED_MAX);
  }

  @Test
  void theGrantsOfOtherNodesCountAmongThoseThatAnAgentMayHave() {
    for (String tool : List.of("tickets__close", "tickets__reopen", "tickets__get")) {
      one.scene.granted(TRIAGE, wanting("tool", tool));
    }
    one.tells(two);
    assertThat(two.scene.ruleOf(TRIAGE, two.scene.catalog.find("request_grant").orElseThrow()))
        .isEqualTo("grant.full");
  }

  @Test
  void aGrantOfAnotherNodeThatExpiredLongAgoIsForgottenEverywhere() {
    one.granted();
    List<FleetNote> opening = one.notes();
    two.scene.clock.advance(Duration.ofMinutes(15));
    two.hears(opening);
    assertThat(two.scene.events()).isEmpty();
    assertThat(two.notes()).singleElement().matches(FleetNote::over);
  }

  @Test
  void endsAreRememberedUntilNobodyCanTakeTheGrantForOpen() {
    Grant grant = one.granted();
    one.revoke(grant);
    one.scene.clock.advance(Duration.ofMinutes(15).minusMillis(1));
    one.scene.governance.grants().open();
    assertThat(one.notes()).hasSize(1);
    one.scene.clock.advance(Duration.ofMillis(1));
    one.scene.governance.grants().open();
    assertThat(one.notes()).isEmpty();
  }

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
    for (Peer peer : peers) {
      if (List.of(nodes).contains(peer.name)) {
        peer.scene.audit.rows().forEach(row -> recomputation.learn(row, peer.name));
      }
    }
    return recomputation;
  }

  private List<String> recomputed(String... nodes) {
    Recomputation recomputation = learnt(nodes);
    List<String> problems = new ArrayList<>();
    for (Peer peer : peers) {
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

  /** A node with its side of the fleet, and nothing that carries by itself. */
  private final class Peer implements NoteCarrier {

    private final String name;
    private final GrantsScene scene;
    private volatile Duration silence = Duration.ZERO;
    private SharedNotes side;

    Peer(String name) {
      this.name = name;
      this.scene = new GrantsScene(directory.resolve(name));
      scene.governance.shareGrants(this);
      peers.add(this);
    }

    void restart() {
      scene.restart();
      scene.governance.shareGrants(this);
    }

    Grant granted() {
      return scene.granted(TRIAGE, WANTED);
    }

    boolean revoke(Grant grant) {
      return join(scene.governance.grants().revoke(grant.id(), "done", "Bob"));
    }

    void status(AgentStatus status) {
      Agent before = scene.registered(TRIAGE);
      scene.agents.put(
          TRIAGE,
          new Agent(TRIAGE, before.owner(), before.labels(), status, "", before.manifest()));
    }

    String rule() {
      return scene.ruleOf(TRIAGE, CLOSE);
    }

    List<Map<String, Object>> opened() {
      return events("grant.opened");
    }

    List<Map<String, Object>> ended() {
      return events("grant.ended");
    }

    private List<Map<String, Object>> events(String event) {
      return scene.audit.rows("event").stream()
          .filter(row -> event.equals(row.get("event")))
          .toList();
    }

    List<FleetNote> notes() {
      return side.notes();
    }

    void hears(List<FleetNote> notes) {
      side.heard(notes);
    }

    void tells(Peer other) {
      other.hears(notes());
    }

    @Override
    public String node() {
      return name;
    }

    @Override
    public void carry(SharedNotes notes) {
      side = notes;
    }

    @Override
    public void changed() {}

    @Override
    public CompletionStage<List<Confirmation>> confirmed(String id, Duration patience) {
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public boolean settled() {
      return true;
    }

    @Override
    public Duration silence() {
      return silence;
    }
  }
}
