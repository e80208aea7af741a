package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Approvals.Vote;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Decision.RequireApproval;
import dev.gatehouse.core.decision.Decision.Throttle;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The credential, the Gate's answers and the audit barrier, as a client sees them. */
class GovernanceTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.fixture.audit.release();
    lab.close();
  }

  private Provider good(Protocol protocol, boolean stream) throws Exception {
    Provider provider =
        lab.provider("first", Words.type(protocol)).then(Words.good(protocol, stream));
    lab.start();
    return provider;
  }

  @ParameterizedTest
  @EnumSource
  void wrongCredentialIs401AndNothingElseHappens(Protocol protocol) throws Exception {
    Provider provider = good(protocol, false);

    HttpResponse<String> reply =
        lab.post(
            Words.path(protocol),
            Words.request(protocol, "fast", false).getBytes(StandardCharsets.UTF_8),
            Map.of("authorization", "Bearer gh_x' OR '1'='1"));

    assertThat(reply.statusCode()).isEqualTo(401);
    assertThat(Lab.error(reply.body()))
        .containsEntry("code", "invalid_api_key")
        .containsEntry(
            "type",
            protocol == Protocol.MESSAGES ? "authentication_error" : "invalid_request_error");
    assertThat(reply.body()).doesNotContain("OR '1'");
    assertThat(lab.fixture.audit.rows()).isEmpty();
    assertThat(provider.asked()).isZero();
  }

  @Test
  void hostAndForwardingHeadersOpenNothing() throws Exception {
    Provider provider = good(Protocol.CHAT, false);

    HttpResponse<String> reply =
        lab.post(
            "/v1/chat/completions",
            Words.request(Protocol.CHAT, "fast", false).getBytes(StandardCharsets.UTF_8),
            Map.of("authorization", "", "x-forwarded-host", "localhost"));

    assertThat(reply.statusCode()).isEqualTo(401);
    assertThat(provider.asked()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"CHAT, true", "CHAT, false", "MESSAGES, true", "MESSAGES, false"})
  void deniedCallIs403NamingRuleScoreAndRemedy(Protocol protocol, boolean stream) throws Exception {
    Provider provider = good(protocol, stream);
    lab.fixture.demand(new Deny(new Reason("policy:no-llm", "models are off today")));

    HttpResponse<String> reply = lab.ask(protocol, stream);

    assertThat(reply.statusCode()).isEqualTo(403);
    assertThat(Lab.error(reply.body()))
        .containsEntry("type", "permission_error")
        .containsEntry("code", "denied")
        .containsEntry("rule", "policy:no-llm")
        .containsEntry("risk", 0);
    assertThat(Lab.text(Lab.error(reply.body()), "message"))
        .startsWith("models are off today (rule policy:no-llm, risk 0)");
    assertThat(provider.asked()).isZero();
    assertThat(lab.fixture.audit.rows("intent").getFirst()).containsEntry("verdict", "deny");
    assertThat(lab.fixture.audit.rows("outcome")).isEmpty();
  }

  @Test
  void undeclaredModelIsDeniedEvenWhenNobodyRoutesIt() throws Exception {
    good(Protocol.CHAT, false);
    lab.fixture.manifest(
        new Manifest(
            "tests",
            List.of(),
            Set.of(OperationType.READ),
            List.of(new Glob("cheap-*")),
            OptionalInt.empty()));

    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(403);
    assertThat(
            lab.post("/v1/chat/completions", Words.request(Protocol.CHAT, "nobody", false))
                .statusCode())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @EnumSource
  void throttledCallIs429WithATimeToWait(Protocol protocol) throws Exception {
    good(protocol, false);
    lab.fixture.demand(
        new Throttle(new Reason("drift.rate", "too many calls"), Duration.ofSeconds(3)));

    HttpResponse<String> reply = lab.ask(protocol, false);

    assertThat(reply.statusCode()).isEqualTo(429);
    assertThat(reply.headers().firstValue("retry-after")).hasValue("3");
    assertThat(Lab.error(reply.body())).containsEntry("type", "rate_limit_error");
  }

  @ParameterizedTest
  @EnumSource
  void approvedCallPassesOnceWhenSentAgain(Protocol protocol) throws Exception {
    Provider provider = good(protocol, false);
    lab.fixture.demand(
        new RequireApproval(
            new Reason("policy:ask", "ask first"), Duration.ofMinutes(5), List.of()));

    HttpResponse<String> asked = lab.ask(protocol, false);
    assertThat(asked.statusCode()).isEqualTo(403);
    Map<String, Object> error = Lab.error(asked.body());
    assertThat(error).containsEntry("code", "approval_required").containsKey("expires_at");
    assertThat(provider.asked()).isZero();

    lab.fixture.approvals.vote(
        new ApprovalId(Lab.text(error, "approval_id")), new Vote("ops", true, ""));

    assertThat(lab.ask(protocol, false).statusCode()).isEqualTo(200);
    assertThat(lab.ask(protocol, false).statusCode()).isEqualTo(403);
    assertThat(provider.asked()).isEqualTo(1);
  }

  @Test
  void approvalOfOneRequestOpensNoOther() throws Exception {
    Provider provider = good(Protocol.CHAT, false);
    lab.fixture.demand(
        new RequireApproval(
            new Reason("policy:ask", "ask first"), Duration.ofMinutes(5), List.of()));
    Map<String, Object> error = Lab.error(lab.ask(Protocol.CHAT, false).body());
    lab.fixture.approvals.vote(
        new ApprovalId(Lab.text(error, "approval_id")), new Vote("ops", true, ""));

    assertThat(lab.ask(Protocol.CHAT, true).statusCode()).isEqualTo(403);
    assertThat(provider.asked()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"CHAT, true", "CHAT, false", "MESSAGES, true", "MESSAGES, false"})
  void providerIsAskedAtOnceButNothingIsReleasedBeforeTheIntentIsDurable(
      Protocol protocol, boolean stream) throws Exception {
    Provider provider = good(protocol, stream);
    lab.fixture.audit.hold();

    CompletableFuture<HttpResponse<String>> reply =
        CompletableFuture.supplyAsync(() -> ask(protocol, stream));
    await().until(() -> provider.asked() == 1);
    await().pollDelay(Duration.ofMillis(200)).until(() -> !reply.isDone());

    lab.fixture.audit.release();
    assertThat(reply.get().statusCode()).isEqualTo(200);
    assertThat(reply.get().body()).contains("Hel");
  }

  @ParameterizedTest
  @CsvSource({"CHAT, true", "CHAT, false", "MESSAGES, true", "MESSAGES, false"})
  void nothingIsReleasedWhenTheIntentCannotBeWritten(Protocol protocol, boolean stream)
      throws Exception {
    Provider provider = good(protocol, stream);
    lab.fixture.audit.hold();

    CompletableFuture<HttpResponse<String>> reply =
        CompletableFuture.supplyAsync(() -> ask(protocol, stream));
    await().until(() -> provider.asked() == 1);
    lab.fixture.audit.fail();
    lab.fixture.audit.release();

    assertThat(reply.get().statusCode()).isEqualTo(503);
    assertThat(reply.get().body()).contains("audit_unavailable").doesNotContain("Hel");
  }

  @Test
  void nobodyIsAskedWhenTheLogTakesNoRows() throws Exception {
    Provider provider = good(Protocol.CHAT, false);
    lab.fixture.audit.fail();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);

    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(Lab.error(reply.body())).containsEntry("code", "audit_unavailable");
    assertThat(provider.asked()).isZero();
  }

  @Test
  void sessionIsTakenFromHeaderOrMetadata() throws Exception {
    good(Protocol.MESSAGES, false);
    byte[] body =
        "{\"model\":\"fast\",\"metadata\":{\"user_id\":\"u-7\"}}".getBytes(StandardCharsets.UTF_8);

    lab.post("/v1/messages", body, Map.of());
    lab.post("/v1/messages", body, Map.of("x-session-id", "s-1"));
    lab.post("/v1/messages", body, Map.of("x-session-id", "s".repeat(500)));

    assertThat(lab.fixture.audit.rows("intent").get(0)).containsEntry("session", "u-7");
    assertThat(lab.fixture.audit.rows("intent").get(1)).containsEntry("session", "s-1");
    assertThat(Lab.text(lab.fixture.audit.rows("intent").get(2), "session"))
        .hasSize(39)
        .startsWith("sha256-");
  }

  private HttpResponse<String> ask(Protocol protocol, boolean stream) {
    try {
      return lab.ask(protocol, stream);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
