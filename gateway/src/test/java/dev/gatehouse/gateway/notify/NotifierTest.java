package dev.gatehouse.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.gateway.notify.Deliveries.Fate;
import dev.gatehouse.gateway.notify.HttpReceiver.Received;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows become notices over real HTTP, and no row waits for that. */
final class NotifierTest {

  private static final WebhookSecret SECRET =
      new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

  private final Vertx vertx = Vertx.vertx();
  private final MemoryAuditLog rows = new MemoryAuditLog();
  private final ManualClock clock = new ManualClock();
  private final HttpReceiver receiver = new HttpReceiver();
  private final Queue<Duration> pauses = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> fates = new ConcurrentHashMap<>();
  private Optional<InetAddress> resolved = Optional.empty();
  private Optional<Notifier> notifier = Optional.empty();

  @AfterEach
  void close() {
    receiver.close();
    notifier.ifPresent(Notifier::close);
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void aQuestionIsToldWithoutItsArgumentsAndSigned() throws Exception {
    start(told("siem", NoticeKind.APPROVAL_REQUESTED));

    append(opened());

    Received notice = receiver.next();
    assertThat(notice.path()).isEqualTo("/hook?a=1");
    assertThat(notice.header("content-type")).isEqualTo("application/json");
    assertThat(notice.header("x-team")).isEqualTo("secops");
    assertThat(notice.header("webhook-timestamp"))
        .isEqualTo(Long.toString(clock.instant().getEpochSecond()));
    assertThat(
            SECRET.signed(
                notice.header("webhook-id"),
                notice.header("webhook-timestamp"),
                notice.body(),
                notice.header("webhook-signature")))
        .isTrue();
    assertThat(notice.text())
        .isEqualTo(
            "{\"data\":{\"agent\":\"triage\",\"approval\":\"apr_1\",\"approvers\":[\"group:leads\"],"
                + "\"connector\":\"tickets\",\"expires_at\":\"1970-01-01T00:01:00Z\","
                + "\"link\":\"https://gate.example/ops/admin/v1/approvals/apr_1\","
                + "\"operation\":\"close\",\"quorum\":1,\"risk\":50,\"row\":\"test-0-standard/0\","
                + "\"rule\":\"risk.review\",\"target\":\"prod\",\"tool\":\"tickets__close\"},"
                + "\"timestamp\":\"1970-01-01T00:00:01Z\",\"type\":\"approval.requested\"}");
    awaitFate("siem", Fate.DELIVERED, 1);
  }

  @Test
  void slackGetsAMessageInWhichNoAgentCanMentionAnybody() throws Exception {
    start(
        new Receiver(
            "slack",
            receiver.url("/services/T/B/X"),
            false,
            EnumSet.allOf(NoticeKind.class),
            BodyStyle.SLACK,
            Optional.empty(),
            Map.of(),
            Optional.empty()));

    append(with(opened(), "tool", "<!channel> & \u202eolleh"));

    Received notice = receiver.next();
    assertThat(notice.header("webhook-signature")).isEmpty();
    assertThat(notice.text())
        .contains(
            "\"text\":\"Approval wanted: agent triage calls &lt;!channel&gt; &amp; ?olleh, risk 50",
            "{\"text\":\"<https://gate.example/ops/admin/v1/approvals/apr_1|Look at apr_1>\","
                + "\"type\":\"mrkdwn\"}")
        .doesNotContain("\u202e");
    assertThat(notice.text().replaceAll("\"type\":\"plain_text\"", ""))
        .as("whatever an agent chose is plain text")
        .containsOnlyOnce("mrkdwn");
  }

  @Test
  void nobodyHearsOfARowThatIsNotDurable() throws Exception {
    start(told("siem", NoticeKind.APPROVAL_REQUESTED));
    rows.hold();
    append(opened());
    rows.fail();
    rows.release();
    rows.mend();

    append(with(opened(), "approval", "apr_2"));

    assertThat(receiver.next().text()).contains("apr_2");
    assertThat(receiver.isEmpty()).isTrue();
  }

  @Test
  void aReceiverIsToldOfWhatItAskedForOnly() throws Exception {
    start(told("siem", NoticeKind.AGENT_SUSPENDED));

    append(opened());
    append(stopped("ann", Map.of("agent", "triage")));
    append(with(stopped("gatehouse:drift", Map.of("agent", "triage")), "from", "node2"));
    append(stopped("gatehouse:drift", Map.of("agent", "triage")));

    assertThat(receiver.next().text())
        .contains(
            "\"type\":\"agent.suspended\"",
            "\"agent\":\"triage\"",
            "\"row\":\"test-0-standard/3\"");
    assertThat(receiver.isEmpty()).isTrue();
  }

  @Test
  void criticalDriftIsToldAsDetectedAndGraveDriftByItsSuspensionAlone() throws Exception {
    start(told("siem", NoticeKind.DRIFT_DETECTED));

    append(drifted("drift.alert", "low"));
    append(drifted("drift.detected", "high"));
    append(drifted("drift.detected", "critical"));

    assertThat(receiver.next().text())
        .contains(
            "\"type\":\"drift.detected\"",
            "\"severity\":\"critical\"",
            "\"rule\":\"drift.undeclared\"",
            "\"call_id\":\"c1\"");
    assertThat(receiver.isEmpty()).isTrue();
  }

  @Test
  void aQuestionThatNeedsTwoEndsWithTheSecondYes() throws Exception {
    start(told("siem", NoticeKind.APPROVAL_ENDED));

    append(approved(1));
    append(approved(2));

    assertThat(receiver.next().text())
        .contains("\"outcome\":\"approved\"", "\"by\":\"ann2\"", "\"row\":\"test-0-standard/1\"");
    assertThat(receiver.isEmpty()).isTrue();
  }

  @Test
  void whatFailsIsTriedAgainUnderTheSameIdAndLaterEachTime() throws Exception {
    start(told("siem", NoticeKind.APPROVAL_REQUESTED));
    receiver.answerWith(500, 429, 503, 502);

    append(opened());

    String id = receiver.next().header("webhook-id");
    for (int i = 1; i < Courier.TRIES_MAX; i++) {
      assertThat(receiver.next().header("webhook-id")).isEqualTo(id);
    }
    awaitFate("siem", Fate.DELIVERED, 1);
    assertThat(pauses)
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8));
  }

  @Test
  void afterTheLastTryItIsLostAndCountedAndTheNextOneIsCarried() throws Exception {
    start(told("siem", NoticeKind.APPROVAL_REQUESTED));
    receiver.answerWith(500, 500, 500, 500, 500);

    append(opened());
    append(with(opened(), "approval", "apr_2"));

    for (int i = 0; i < Courier.TRIES_MAX; i++) {
      assertThat(receiver.next().text()).contains("apr_1");
    }
    assertThat(receiver.next().text()).contains("apr_2");
    awaitFate("siem", Fate.DELIVERED, 1);
    awaitFate("siem", Fate.LOST, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 303, 307, 400, 401, 404, 410})
  void aRefusalIsNotTriedAgainAndARedirectNotFollowed(int status) throws Exception {
    start(told("siem", NoticeKind.APPROVAL_REQUESTED));
    receiver.answerWith(status);

    append(opened());

    receiver.next();
    awaitFate("siem", Fate.LOST, 1);
    assertThat(receiver.isEmpty()).isTrue();
    assertThat(pauses).isEmpty();
  }

  @Test
  void aReceiverThatDoesNotAnswerKeepsNothingUpAndLosesWhatIsBeyondTheQueue() throws Exception {
    start(told("slow", NoticeKind.APPROVAL_REQUESTED));
    receiver.hold();
    append(opened());
    receiver.next(); // the one on its way waits in no queue

    for (int i = 0; i < Courier.WAITING_MAX; i++) {
      append(opened());
    }
    assertThat(fates).isEmpty();
    append(opened());

    assertThat(fates.get("slow " + Fate.LOST)).hasValue(1);
  }

  @Test
  void whatIsUndeliveredWhenTheGatewayEndsIsCountedAsLost() throws Exception {
    start(told("slow", NoticeKind.APPROVAL_REQUESTED));
    receiver.hold();
    append(opened());
    receiver.next();
    append(opened());
    append(opened());

    notifier.orElseThrow().close();

    assertThat(fates.get("slow " + Fate.LOST)).hasValue(3);
  }

  @Test
  void aReloadKeepsWhatWaitsForWhoStaysAndTellsWhoComes() throws Exception {
    Receiver stays = told("stays", NoticeKind.APPROVAL_REQUESTED);
    start(stays);
    try (HttpReceiver other = new HttpReceiver()) {
      notifier
          .orElseThrow()
          .replace(
              List.of(
                  stays,
                  new Receiver(
                      "comes",
                      other.url("/"),
                      false,
                      Set.of(NoticeKind.APPROVAL_REQUESTED),
                      BodyStyle.JSON,
                      Optional.empty(),
                      Map.of(),
                      Optional.empty())));
      append(opened());
      assertThat(receiver.next().text()).contains("apr_1");
      assertThat(other.next().text()).contains("apr_1");

      notifier.orElseThrow().replace(List.of(stays));
      append(with(opened(), "approval", "apr_2"));
      assertThat(receiver.next().text()).contains("apr_2");
      assertThat(other.isEmpty()).isTrue();
    }
  }

  @Test
  void anAddressWhereNobodyIsMeantToBeAskedIsNotAsked() throws Exception {
    resolved = Optional.of(InetAddress.getByName("0.0.0.0")); // would reach the receiver
    start(named("meta"));

    append(opened());

    awaitFate("meta", Fate.LOST, 1);
    assertThat(receiver.isEmpty()).isTrue();
  }

  @Test
  void aNameOfTheOwnNetworkIsAskedWhereTheConfigSaysSo() throws Exception {
    resolved = Optional.of(InetAddress.getLoopbackAddress());
    start(named("own"));

    append(opened());

    assertThat(receiver.next().header("host")).startsWith("hooks.example:");
  }

  private void start(Receiver... receivers) {
    notifier =
        Optional.of(
            Notifier.start(
                vertx,
                clock,
                Links.under(URI.create("https://gate.example/ops/")),
                List.of(receivers),
                (name, fate) ->
                    fates
                        .computeIfAbsent(name + " " + fate, _ -> new AtomicInteger())
                        .incrementAndGet(),
                pauses::add,
                this::resolve));
  }

  private InetAddress[] resolve(String host) throws UnknownHostException {
    return new InetAddress[] {resolved.isPresent() ? resolved.get() : InetAddress.getByName(host)};
  }

  private Receiver told(String name, NoticeKind kind) {
    return new Receiver(
        name,
        receiver.url("/hook?a=1"),
        false,
        Set.of(kind),
        BodyStyle.JSON,
        Optional.of(SECRET),
        Map.of("X-Team", "secops"),
        Optional.empty());
  }

  private Receiver named(String name) {
    return new Receiver(
        name,
        URI.create("http://hooks.example:" + receiver.url("/").getPort() + "/"),
        true,
        Set.of(NoticeKind.APPROVAL_REQUESTED),
        BodyStyle.JSON,
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  private void append(Map<String, Object> row) {
    var _ = new NotifiedAuditLog(rows, notifier.orElseThrow()).append(new AuditRow(row));
  }

  private void awaitFate(String receiverName, Fate fate, int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(fates)
                    .extractingByKey(receiverName + " " + fate)
                    .hasToString("" + count));
  }

  private static Map<String, Object> opened() {
    return Map.ofEntries(
        Map.entry("type", "event"),
        Map.entry("event", "approval.opened"),
        Map.entry("approval", "apr_1"),
        Map.entry("call_id", "c1"),
        Map.entry("agent", "triage"),
        Map.entry("connector", "tickets"),
        Map.entry("operation", "close"),
        Map.entry("target", "prod"),
        Map.entry("tool", "tickets__close"),
        Map.entry("arguments", "never in a row, and never told"),
        Map.entry("rule", "risk.review"),
        Map.entry("risk_total", 50),
        Map.entry("approvers", List.of("group:leads")),
        Map.entry("quorum", 1),
        Map.entry("expires_at_ms", 60_000L),
        Map.entry("at_ms", 1_000L));
  }

  private static Map<String, Object> drifted(String event, String severity) {
    return Map.of(
        "type", "event",
        "event", event,
        "agent", "triage",
        "call_id", "c1",
        "rule", "drift.undeclared",
        "severity", severity,
        "reason", "the manifest of triage does not declare payroll.pay",
        "at_ms", 1_000L);
  }

  private static Map<String, Object> approved(int votes) {
    return Map.of(
        "type", "event",
        "event", "approval.approved",
        "approval", "apr_1",
        "agent", "triage",
        "approver", "ann" + votes,
        "reason", "fine",
        "votes", votes,
        "quorum", 2,
        "at_ms", 1_000L);
  }

  private static Map<String, Object> stopped(String by, Map<String, Object> scope) {
    return Map.of(
        "type", "event",
        "event", "kill_switch.stopped",
        "scope", scope,
        "order", "o1",
        "operator", by,
        "reason", "it drifts",
        "at_ms", 1_000L);
  }

  private static Map<String, Object> with(Map<String, Object> row, String name, Object value) {
    Map<String, Object> changed = new HashMap<>(row);
    changed.put(name, value);
    return changed;
  }
}
