package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.LEADS;
import static dev.gatehouse.policy.grant.GrantsScene.OTHER;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.gate.Admission.Pending;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many grants an agent may have, which are three here, whenever they open. */
class GrantNumberTest {

  private static final String FULL =
      "an agent may have at most 3 grants open, and has as many; wait for one's end";

  @TempDir private Path directory;
  private GrantsScene scene;

  @BeforeEach
  void start() {
    scene = new GrantsScene(directory);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static Map<String, Object> minutes(int minutes) {
    return wanting("tool", "tickets__close", "minutes", minutes);
  }

  /** So many different requests that people said yes to, each let through and none carried out. */
  private List<Admission> approved(AgentId agent, int count) {
    List<Map<String, Object>> wanted =
        IntStream.rangeClosed(1, count).mapToObj(GrantNumberTest::minutes).toList();
    for (Map<String, Object> one : wanted) {
      scene.answer(scene.question(agent, one).id(), "Bob", LEADS, true);
    }
    return wanted.stream().map(one -> scene.ask(agent, one)).toList();
  }

  private List<AgentId> open() {
    return scene.governance.grants().open().stream().map(grant -> grant.scope().agent()).toList();
  }

  private static void assertFull(ToolReply reply) {
    assertThat(reply.result()).containsEntry("isError", true);
    assertThat(reply.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.kind()).isEqualTo("grant_not_opened");
              assertThat(failed.message()).isEqualTo(FULL);
            });
  }

  @Test
  void whoHasAsManyIsNotLetAskForMoreUntilOneEnds() {
    List<Grant> grants =
        IntStream.rangeClosed(1, 3).mapToObj(n -> scene.granted(TRIAGE, minutes(n))).toList();
    Refused refused = (Refused) scene.ask(TRIAGE, minutes(4));
    assertThat(refused.decision().reason().rule()).isEqualTo("grant.full");
    assertThat(refused.decision().reason().message()).isEqualTo(FULL);
    assertThat(scene.ask(OTHER, minutes(4))).isInstanceOf(Pending.class);
    scene.clock.advance(Duration.between(scene.clock.instant(), grants.getFirst().expiresAt()));
    assertThat(scene.ask(TRIAGE, minutes(4))).isInstanceOf(Pending.class);
  }

  @Test
  void ofThoseThatWereApprovedTogetherNoMoreOpen() {
    List<ToolReply> replies = approved(TRIAGE, 4).stream().map(scene::carryOut).toList();
    assertThat(replies.subList(0, 3)).noneMatch(reply -> reply.result().containsKey("isError"));
    assertFull(replies.getLast());
    assertThat(open()).hasSize(3);
  }

  @Test
  void whatIsOnItsWayCountsBeforeItIsOnRecord() {
    List<Admission> approved = approved(TRIAGE, 4);
    Admission other = approved(OTHER, 1).getFirst();
    scene.audit.hold();
    List<CompletionStage<ToolReply>> replies = approved.stream().map(scene::begin).toList();
    CompletionStage<ToolReply> ofOther = scene.begin(other);

    assertThat(replies.getLast()).isCompleted();
    assertFull(join(replies.getLast()));
    assertThat(open()).isEmpty();
    assertThat(scene.events()).hasSize(4).containsOnly("grant.opened");

    scene.audit.release();
    replies.subList(0, 3).forEach(GrantsScene::join);
    assertThat(join(ofOther).result()).doesNotContainKey("isError");
    assertThat(open()).containsExactlyInAnyOrder(TRIAGE, TRIAGE, TRIAGE, OTHER);
  }

  @Test
  void whatDidNotOpenLeavesItsRoomToOthers() {
    List<Admission> approved = approved(TRIAGE, 4);
    scene.audit.fail();
    assertThat(scene.carryOut(approved.getFirst()).result()).containsEntry("isError", true);
    scene.audit.mend();
    assertThat(approved.subList(1, 4))
        .allSatisfy(one -> assertThat(scene.carryOut(one).result()).doesNotContainKey("isError"));
    assertThat(open()).hasSize(3);
  }

  @Test
  void howeverTwoThreadsMeetTheyNeverHaveMoreOnTheirWay() throws Exception {
    Grant grant = scene.granted(TRIAGE, minutes(1));
    GrantBook book = new GrantBook(KeptGrants.NONE);
    AtomicInteger onTheirWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (String name : List.of("grn_left", "grn_right")) {
        Grant own = named(name, grant);
        running.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 100_000; round++) {
                    if (begins(book, own)) {
                      int now = onTheirWay.incrementAndGet();
                      most.accumulateAndGet(now, Math::max);
                      onTheirWay.decrementAndGet();
                      book.giveUp(own);
                    }
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(most).hasValue(1);
  }

  private static Grant named(String id, Grant like) {
    return new Grant(id, like.scope(), like.openedAt(), like.expiresAt(), like.origin());
  }

  private static boolean begins(GrantBook book, Grant grant) {
    try {
      book.begin(grant, 1);
      return true;
    } catch (GrantNotOpenedException e) {
      return false;
    }
  }

  @Test
  void whatExpiredAtANodeThatIsGoneTakesNoRoom() {
    try (GrantPeer here = new GrantPeer(directory, "here")) {
      try (GrantPeer gone = new GrantPeer(directory, "gone")) {
        IntStream.rangeClosed(1, 3).forEach(n -> gone.scene.granted(TRIAGE, minutes(n)));
        gone.tells(here);
      }
      here.scene.clock.advance(Duration.ofMinutes(3));
      assertThat(here.scene.granted(TRIAGE, minutes(1)).origin().node()).isEqualTo("here");
    }
  }
}
