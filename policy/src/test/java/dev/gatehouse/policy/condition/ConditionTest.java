package dev.gatehouse.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.RiskModel;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size(payload.ids) > 1",
        "payload.ids.exists(id, id == 'b')",
        "payload.note.startsWith('close') && payload.note.matches('^close .*$')",
        "payload.nothing == null",
        "has(payload.note) && !has(payload.other)",
        "payload.count == 5 && payload.count > 4.5 && payload.price < 3",
        "payload.huge > 1000",
        "payload.nested.env == 'prod'",
        "payload['with space'] == true",
        "call.connector == 'tickets' && call.operation == 'close' && call.name == 'tickets__close'",
        "call.operation_type == 'write' && call.target_tier == 'prod' && call.session == 's'",
        "call.connector_class == 'internal' && call.target == 'desk'",
        "agent.id == 'triage' && agent.owner == 'Ann' && agent.labels.env == 'prod'",
        "risk.total == 30 && risk.operation == 10",
        "activity.session_actions == 7 && activity.calls_last_minute == 3",
        "now.getHours('Europe/Berlin') == 13",
        "now < timestamp('2026-01-02T00:00:00Z')"
      })
  void readsPayloadCallAgentRiskActivityAndTime(String condition) throws Exception {
    assertThat(holds(condition)).isTrue();
    assertThat(holds("!(" + condition + ")")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "payload.missing == 'x'",
        "payload.note > 5",
        "payload.note",
        "payload.count / 0 == 1",
        "agent.labels.nolabel == 'x'",
        "timestamp(payload.note) < now"
      })
  void whatCannotBeEvaluatedIsToldWithoutValues(String condition) {
    assertThatThrownBy(() -> holds(condition))
        .isInstanceOf(ConditionFailedException.class)
        .message()
        .doesNotContain("close the ticket");
  }

  @Test
  void loopsEndAtTheirLimit() throws Exception {
    String loop = "payload.many.all(x, x >= 0)";
    assertThat(holds(loop, many(1_000), ConditionLimits.DEFAULT)).isTrue();
    assertThatThrownBy(() -> holds(loop, many(1_001), ConditionLimits.DEFAULT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("iteration_budget");
  }

  @Test
  void aLongPayloadIsNotRead() throws Exception {
    ConditionLimits limits = new ConditionLimits(1_000, 100);
    // One value costs half a character, the name four.
    assertThat(holds("payload.text != ''", Map.of("text", "x".repeat(95)), limits)).isTrue();
    assertThatThrownBy(() -> holds("payload.text != ''", Map.of("text", "x".repeat(96)), limits))
        .hasMessage("the payload has more than 100 characters");
    assertThat(holds("call.connector == 'tickets'", Map.of("text", "x".repeat(96)), limits))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "payload.note.matches(payload.pattern)",
        "payload.note.matches('(')",
        "call.conector == 'x'",
        "paylod.x == 1",
        "agent.lables.env == 'x'",
        "size(payload.ids)",
        "payload.ids ==",
        " "
      })
  void badExpressionsAreRefusedBeforeTheyDecideAnything(String condition) {
    assertThat(Conditions.check(condition)).isNotEmpty();
    assertThatThrownBy(() -> Conditions.compile(condition, ConditionLimits.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMisspeltNameGetsItsPlaceAndASuggestion() {
    assertThat(Conditions.check("true && call.conector == 'x'"))
        .singleElement()
        .hasToString(
            "undefined field 'conector'; did you mean 'connector'? (at 1:13 of the condition)");
    assertThat(Conditions.check("true &&\n paylod.x == 1"))
        .first()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(2);
              assertThat(problem.message()).endsWith("did you mean 'payload'?");
            });
  }

  @Test
  void aSchemaTypesThePayload() {
    ConditionChecker checker = new ConditionChecker(schema());
    assertThat(checker.check("size(payload.change_ids) > 1 && payload.note.startsWith('a')"))
        .isEmpty();
    assertThat(checker.check("payload.options.force && payload.count > 3 && payload.price > 2"))
        .isEmpty();
    assertThat(checker.check("payload.maybe == null || payload.maybe == 'x'")).isEmpty();
    assertThat(checker.check("payload.free.anything == 1 && payload.refd.inner == 'x'")).isEmpty();
    assertThat(checker.check("payload.a == 'x' || payload.b == 1")).isEmpty();
    assertThat(checker.check("size(payload.chnage_ids) > 1"))
        .singleElement()
        .extracting(ConditionProblem::message)
        .isEqualTo("undefined field 'chnage_ids'; did you mean 'change_ids'?");
    assertThat(checker.check("payload.options.froce")).isNotEmpty();
    assertThat(checker.check("payload.note > 5")).isNotEmpty();
    assertThat(checker.check("payload.refd.outer == 'x'")).isNotEmpty();
  }

  @Test
  void aSchemaThatRefersToItselfIsDynamicFromSomeDepthOn() {
    Map<String, Object> self =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("child", Map.of("$ref", "#"), "more", Map.of("$ref", "#/properties/more")));
    assertThat(new ConditionChecker(self).check("payload.child == null && payload.more == 1"))
        .isEmpty();
  }

  private static Map<String, Object> schema() {
    return Map.of(
        "type",
        "object",
        "$defs",
        Map.of("inner", Map.of("properties", Map.of("inner", Map.of("type", "string")))),
        "anyOf",
        List.of(
            Map.of("properties", Map.of("a", Map.of("type", "string"))),
            Map.of("properties", Map.of("b", Map.of("type", "integer")))),
        "properties",
        Map.of(
            "change_ids", Map.of("type", "array", "items", Map.of("type", "string")),
            "note", Map.of("type", "string"),
            "count", Map.of("type", "integer"),
            "price", Map.of("type", "number"),
            "maybe", Map.of("type", List.of("string", "null")),
            "free", Map.of("type", "object"),
            "refd", Map.of("$ref", "#/$defs/inner"),
            "options",
                Map.of(
                    "type", "object", "properties", Map.of("force", Map.of("type", "boolean")))));
  }

  private static Map<String, Object> many(int count) {
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      many.add(i);
    }
    return Map.of("many", many);
  }

  private static boolean holds(String condition) throws ConditionFailedException {
    Map<String, Object> payload = new HashMap<>();
    payload.put("ids", List.of("a", "b"));
    payload.put("note", "close the ticket");
    putNull(payload, "nothing");
    payload.put("count", 5);
    payload.put("price", new BigDecimal("2.50"));
    payload.put("huge", new BigInteger("123456789012345678901234567890"));
    payload.put("nested", Map.of("env", "prod"));
    payload.put("with space", true);
    payload.put("pattern", "a");
    return holds(condition, payload, ConditionLimits.DEFAULT);
  }

  @SuppressWarnings("NullAway") // a JSON null is a null in the tree
  private static void putNull(Map<String, Object> payload, String name) {
    payload.put(name, null);
  }

  private static boolean holds(
      String condition, Map<String, Object> payload, ConditionLimits limits)
      throws ConditionFailedException {
    Facts facts = new Facts(call(payload), situation(), limits);
    return Conditions.compile(condition, limits).holds(facts);
  }

  private static ToolCall call(Map<String, Object> payload) {
    return ToolCall.of(
        new CallId("00000000-0000-7000-8000-000000000000"),
        new Principal(new AgentId("triage"), ""),
        "s",
        new ToolDescriptor(
            "tickets__close",
            "tickets",
            "close",
            Map.of(),
            OperationType.WRITE,
            "config",
            "internal",
            "desk",
            TargetTier.PROD),
        payload,
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  private static Situation situation() {
    Agent agent =
        new Agent(
            new AgentId("triage"),
            "Ann",
            Map.of("env", "prod"),
            AgentStatus.ACTIVE,
            "",
            new Manifest("tests", List.of(), Set.of(), List.of(), OptionalInt.empty()));
    return new Situation(
        Instant.parse("2026-01-01T12:00:00Z"),
        Optional.of(agent),
        Optional.empty(),
        new Activity(7, 3),
        new FixedRisk(),
        (_, _) -> List.of(),
        new NoPolicies(),
        Optional.empty(),
        List.of());
  }

  private static final class NoPolicies implements dev.gatehouse.core.decision.PolicySet {
    @Override
    public Digest digest() {
      return Digest.ofJson("none");
    }

    @Override
    public List<dev.gatehouse.core.decision.Decision> evaluate(
        dev.gatehouse.core.call.GovernedCall call, Situation situation) {
      return List.of();
    }
  }

  private static final class FixedRisk implements RiskModel {
    @Override
    public RiskScore score(dev.gatehouse.core.call.GovernedCall call, Activity activity) {
      return new RiskScore(10, 12, 0, 8);
    }

    @Override
    public int reviewThreshold() {
      return 50;
    }

    @Override
    public int denyThreshold() {
      return 70;
    }

    @Override
    public Digest digest() {
      return Digest.ofJson("fixed");
    }
  }
}
