package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.Exposure;
import dev.gatehouse.llm.config.ExposureLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ModelUse;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.RoutingRecord;
import dev.gatehouse.llm.replay.LlmReplay;
import dev.gatehouse.llm.replay.NotReplayableException;
import dev.gatehouse.llm.replay.Replayed;
import dev.gatehouse.llm.replay.Replayed.Visit;
import dev.gatehouse.llm.wire.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call is decided again from its row, bit for bit, and a row that was changed gives itself away.
 */
class ReplayTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private Provider provider(String name, Provider.Script... scripts) throws Exception {
    return lab.provider(name, ProviderType.OPENAI).then(scripts);
  }

  private static Provider.Script error(int status) {
    return Provider.json(status, "{\"error\":{\"message\":\"no\"}}");
  }

  private static Provider.Script good() {
    return Words.good(Protocol.CHAT, false);
  }

  private LlmConfig inForce() {
    return lab.gateway().routes().config();
  }

  /** A call that was refused once for a moment, then for good, and served by the second. */
  private Map<String, Object> failedOver() throws Exception {
    provider("first", error(500), error(503));
    provider("second", good());
    lab.start();
    assertThat(lab.ask(Protocol.CHAT, false).statusCode()).isEqualTo(200);
    return Replays.read(lab.outcome());
  }

  @Test
  void failoverWithItsWaitIsDecidedAgainBitForBit() throws Exception {
    Map<String, Object> row = failedOver();

    Replayed again = Replays.again(row, inForce());

    assertThat(again.difference()).isEmpty();
    assertThat(again.route()).isEqualTo("fast");
    assertThat(again.end()).isEqualTo("second serves");
    assertThat(again.visits()).extracting(Visit::provider).containsExactly("first", "second");
    assertThat(again.visits().getFirst().happened())
        .hasSize(3)
        .first()
        .isEqualTo("asked: LLMServerError 500");
    assertThat(again.visits().getFirst().happened().get(1)).startsWith("asked again after ");
    assertThat(again.visits().getLast().happened()).containsExactly("asked");
  }

  @Test
  void weightsDrawTheSameOrderAgain() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      lab.provider(name, ProviderType.OPENAI).only(error(503));
    }
    List<RouteTarget> targets =
        lab.providers.stream()
            .map(p -> new RouteTarget(p.name(), "m", 0, 0, p.name().equals("a") ? 3 : 1))
            .toList();
    LlmConfig config = routed(new ModelRoute(new Glob("fast"), "", TargetTier.PROD, targets));
    lab.start(config);
    Set<Object> orders = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      lab.ask(Protocol.CHAT, false);
      lab.fixture.clock.advance(Duration.ofSeconds(61));
    }
    for (Map<String, Object> row : lab.fixture.audit.rows("outcome")) {
      Replays.assertDecidedAgain(row, config);
      orders.add(Replays.again(row, config).visits().stream().map(Visit::provider).toList());
    }
    assertThat(lab.fixture.audit.rows("outcome")).hasSize(8);
    assertThat(orders).hasSizeGreaterThan(1); // 8 calls, 24 orders
  }

  private LlmConfig routed(ModelRoute route) {
    LlmConfig all = lab.config(lab.providers);
    return new LlmConfig(all.providers(), List.of(route), all.limits(), all.breaker());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "candidates",
        "attempts",
        "candidates_excluded",
        "wait",
        "failure",
        "seed",
        "route",
        "provider_used"
      })
  void changedRowIsNamedWhereItDiffers(String what) throws Exception {
    Map<String, Object> row = failedOver();
    Map<String, Object> routing = object(row.get("routing"));
    List<Map<String, Object>> heard = objects(routing.get("heard"));
    String named =
        switch (what) {
          case "candidates" -> {
            row.put("candidates", objects(row.get("candidates")).reversed());
            yield "candidates[0]: the row says";
          }
          case "attempts" -> {
            objects(row.get("attempts")).getFirst().put("provider", "third");
            yield "attempts[0]: the row says third/first-model";
          }
          case "candidates_excluded" -> {
            row.put("candidates_excluded", List.of(Map.of("provider", "first", "why", "luck")));
            yield "candidates_excluded[0]: the row says {\"provider\":\"first\",\"why\":\"luck\"}";
          }
          case "wait" -> {
            heard.get(1).put("wait_us", 1);
            yield "routing.heard[1]: the row says";
          }
          case "failure" -> {
            heard.get(1).put("failed", "LLMBadRequestError");
            yield "routing.heard[2]: decided again, the call is over";
          }
          case "seed" -> {
            routing.put(
                "seed", ((Number) Objects.requireNonNull(routing.get("seed"))).longValue() ^ 1);
            yield "routing.heard[1]: the row says";
          }
          case "route" -> {
            routing.put("route", "other");
            yield "routing.route: the row says other; decided again: fast";
          }
          default -> {
            row.put("provider_used", "first");
            yield "provider_used: the row says first; decided again: second";
          }
        };

    assertThat(Replays.again(row, inForce()).difference().orElse("none")).startsWith(named);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> objects(@Nullable Object value) {
    return (List<Map<String, Object>>) Objects.requireNonNull(value);
  }

  @Test
  void breakerThatWasOpenIsReadFromTheRow() throws Exception {
    provider("first").only(error(503));
    provider("second").only(good());
    lab.start();
    for (int i = 0; i < 6; i++) {
      lab.ask(Protocol.CHAT, false);
    }
    Map<String, Object> last = lab.fixture.audit.rows("outcome").getLast();

    Replayed again = Replays.again(last, inForce());

    assertThat(again.difference()).isEmpty();
    assertThat(again.visits().getFirst().state()).isEqualTo("unhealthy");
    assertThat(again.visits().getFirst().happened().getFirst())
        .startsWith("passed by: breaker_open until ");
  }

  @Test
  void anotherConfigSaysWhoWouldHaveBeenAsked() throws Exception {
    Map<String, Object> row = failedOver();
    LlmConfig turned = lab.config(lab.providers.reversed());

    Replayed was = Replays.again(row, inForce());
    Replayed would = LlmReplay.under(Replays.call(row), turned);

    assertThat(would.end()).isEqualTo("second serves");
    assertThat(would.visits().getFirst().happened()).containsExactly("asked");
    assertThat(would.visits().getLast().happened()).isEmpty();
    assertThat(LlmReplay.differences(was, would))
        .containsExactly(
            "order: second/second-model, first/first-model, where it was first/first-model,"
                + " second/second-model",
            "asked first: second/second-model, where it was first/first-model");
    assertThat(LlmReplay.differences(was, was)).isEmpty();
  }

  @Test
  void anotherConfigSaysWhoWouldHaveBeenPassedByAndWhatNobodyKnows() throws Exception {
    Map<String, Object> row = failedOver();
    provider("third");
    LlmConfig all = lab.config(lab.providers);
    ExposureLimits eu = new ExposureLimits("", Set.of("eu"));
    LlmConfig bounded =
        new LlmConfig(
            all.providers().stream()
                .map(
                    p ->
                        p.withExposure(
                            new Exposure(p.name().equals("second") ? "us" : "eu", Set.of())))
                .toList(),
            List.of(
                new ModelRoute(
                    new Glob("*"),
                    "",
                    TargetTier.PROD,
                    all.routes().getFirst().targets(),
                    ModelUse.CHAT,
                    eu)),
            all.limits(),
            BreakerLimits.DEFAULT);

    Replayed would = LlmReplay.under(Replays.call(row), bounded);

    assertThat(would.end())
        .isEqualTo("third is asked; how it would have answered is not on record");
    assertThat(LlmReplay.differences(Replays.again(row, inForce()), would))
        .contains(
            "route: *, where it was fast",
            "second/second-model: passed by: region_not_allowed",
            "end: third is asked; how it would have answered is not on record, where it was second"
                + " serves");
  }

  @Test
  void modelThatNobodyServesIsDecidedAgainToo() throws Exception {
    provider("first");
    lab.start();
    lab.post(
        "/v1/chat/completions",
        "{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

    Replayed again = Replays.again(lab.outcome(), inForce());

    assertThat(again.difference()).isEmpty();
    assertThat(again.end()).isEqualTo("no route serves the model");
  }

  @Test
  void rowsThatCannotBeReplayedSaySo() throws Exception {
    Map<String, Object> row = failedOver();
    Map<String, Object> older = new HashMap<>(row);
    older.remove("routing");
    LlmConfig other = lab.config(lab.providers.reversed());

    assertThatThrownBy(() -> Replays.call(older))
        .isInstanceOf(NotReplayableException.class)
        .hasMessageContaining("older shape");
    assertThatThrownBy(() -> Replays.call(Map.of("type", "outcome", "action_type", "tool.call")))
        .isInstanceOf(NotReplayableException.class)
        .hasMessageContaining("no outcome of an LLM call but 'tool.call'");
    assertThatThrownBy(() -> Replays.again(row, other))
        .isInstanceOf(NotReplayableException.class)
        .hasMessageContaining("was decided by the routing config");
  }

  @Test
  void routingInForceIsOnRecordBeforeTheCallsThatItDecidesAndOnce() throws Exception {
    provider("first", good(), good());
    provider("second", good());
    lab.start();
    lab.gateway().keepRoutings(lab.fixture.audit);
    lab.ask(Protocol.CHAT, false);
    lab.gateway().replace(inForce());
    lab.gateway().replace(lab.config(lab.providers.reversed()));
    lab.ask(Protocol.CHAT, false);

    List<Object> kept = new ArrayList<>();
    for (Map<String, Object> row : lab.fixture.audit.rows("event")) {
      RoutingRecord read = RoutingRecord.read(object(Replays.read(row).get("config")));
      assertThat(read.digest().hex()).isEqualTo(row.get("digest"));
      kept.add(row.get("digest"));
    }
    List<Map<String, Object>> outcomes = lab.fixture.audit.rows("outcome");
    assertThat(kept).hasSize(2).doesNotHaveDuplicates();
    assertThat(object(outcomes.getFirst().get("routing")))
        .containsEntry("config_digest", kept.get(0));
    assertThat(object(outcomes.getLast().get("routing")))
        .containsEntry("config_digest", kept.get(1));
    assertThat(object(outcomes.getLast().get("routing"))).doesNotContainKey("seed");
  }

  @Test
  void recordedRoutingHasNeitherAddressNorCredential() throws Exception {
    Provider provider = provider("first");

    assertThat(RoutingRecord.of(lab.config(lab.providers)).tree().toString())
        .doesNotContain(provider.key(), "127.0.0.1", "http");
  }
}
