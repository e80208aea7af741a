package dev.gatehouse.policy.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.policy.rules.Effect;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.rules.PolicyTest;
import dev.gatehouse.policy.rules.Severity;
import dev.gatehouse.policy.text.PolicyText.Parsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTextTest {

  @Test
  void theProductsOwnExampleMeansWhatItsYamlMeans() {
    Parsed parsed =
        PolicyText.parse(
            """
            # closing several changes takes a lead
            policy "change-close-over-one":
              when: servicenow.change.close
              if: payload.change_ids.length > 1
              then: approval_required(severity="high")
              approvers=group("secops-leads") timeout="4h" diff_shown_to_approver=true
              test: payload={"change_ids": ["A", "B"]} expect="approval_required"
              test: payload={"change_ids": ["A"]} expect="allow"
            """);
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.rules())
        .singleElement()
        .extracting(PolicyText.Placed::rule)
        .isEqualTo(
            new PolicyRule(
                "change-close-over-one",
                new Glob("servicenow.change.close"),
                Optional.of("size(payload.change_ids) > 1"),
                new Effect.ApprovalRequired(
                    List.of("group:secops-leads"), Duration.ofHours(4), true),
                Severity.HIGH,
                List.of(
                    new PolicyTest(
                        Map.of("change_ids", List.of("A", "B")), Map.of(), "approval_required"),
                    new PolicyTest(Map.of("change_ids", List.of("A")), Map.of(), "allow"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "payload.ids.length > 1 | size(payload.ids) > 1",
        "payload.a.length + payload.b.c.length > 3 | size(payload.a) + size(payload.b.c) > 3",
        "!(payload.ids.length == 0) | !(size(payload.ids) == 0)",
        "payload.note == 'a.length' | payload.note == 'a.length'",
        "payload.length_max > 1 | payload.length_max > 1",
        "payload.x.length() > 1 | payload.x.length() > 1",
        "payload.length.x > 1 | payload.length.x > 1"
      })
  void lengthIsSize(String written, String meant) {
    assertThat(LengthSugar.expand(written)).isEqualTo(meant);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      List<PolicyRule> rules = new ArrayList<>();
      for (int r = 0; r <= random.nextInt(3); r++) {
        rules.add(rule(random, "rule \"" + r + "\" \\ \n é"));
      }
      String text = PolicyText.write(rules);
      Parsed parsed = PolicyText.parse(text);
      assertThat(parsed.problems()).as("seed %d, text %s", seed, text).isEmpty();
      assertThat(parsed.rules().stream().map(PolicyText.Placed::rule).toList())
          .as("seed %d, text %s", seed, text)
          .isEqualTo(rules);
    }
  }

  @Test
  void everyMistakeIsToldAtItsPlaceAndTheRestIsRead() {
    Parsed parsed =
        PolicyText.parse(
            """
            policy "a":
              when: x.y
              if: call.conector == "x"
              then: deny
            policy "b":
              wen: x.y
              then: deny
            policy "c":
              when: x.y
              then: denny
            policy "d":
              when: x.y
              then: approval_required(severty="high")
            policy "e":
              when: x.y
              then: throttle(retry_after="2 hours")
            policy "good":
              when: x.y
              then: deny
            policy "good":
              when: x.y
              then: deny
            policy "f":
              then: deny
            """);
    assertThat(parsed.problems())
        .extracting(PolicyText.Problem::toString)
        .containsExactly(
            "3:11: undefined field 'conector'; did you mean 'connector'?",
            "6:3: a rule has no 'wen'; did you mean 'when'?",
            "10:9: there is no effect 'denny'; did you mean 'deny'?",
            "13:27: there is no 'severty' here; did you mean 'severity'?",
            "16:9: a duration is written as in 250ms 15s 5m 4h 30d, not '2 hours'",
            "20:1: policy 'good' stands already",
            "23:1: policy 'f' lacks 'when'");
    assertThat(parsed.rules()).extracting(placed -> placed.rule().name()).contains("good");
  }

  @Test
  void noTextBreaksTheReader() {
    long seed = 7;
    Random random = new Random(seed);
    String good = PolicyText.write(List.of(rule(random, "x"), rule(random, "y")));
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder(good);
      for (int k = 0; k <= random.nextInt(4); k++) {
        int at = random.nextInt(text.length() - 1);
        switch (random.nextInt(3)) {
          case 0 -> text.replace(at, at + 1, " ");
          case 1 -> text.insert(at, "\"{}[]=:()\\,#\n ".charAt(random.nextInt(14)));
          default -> text.setLength(Math.max(2, at));
        }
      }
      assertThat(PolicyText.parse(text.toString())).as("seed %d", seed).isNotNull();
    }
  }

  private static PolicyRule rule(Random random, String name) {
    String[] patterns = {"*", "tickets.close_*", "a b.c", "\"quoted\".x", "é.*", "x.y#z"};
    String[] conditions = {
      "size(payload.ids) > 1",
      "payload.box.length > 3",
      "payload.note.matches('^\\\\d+$')\n    && agent.labels.env == \"prod\"",
      "call.target_tier == 'prod' // only there"
    };
    Effect[] effects = {
      new Effect.Allow(),
      new Effect.Deny(),
      new Effect.ApprovalRequired(List.of(), Duration.ofMillis(1_500)),
      new Effect.ApprovalRequired(List.of("group:a", "user:b \"c\""), Duration.ofDays(2), true),
      new Effect.ApprovalRequired(List.of("group:a"), Duration.ofHours(1), true, 3),
      new Effect.Throttle(Duration.ofMillis(7)),
      new Effect.Throttle(Duration.ofMinutes(3))
    };
    List<PolicyTest> tests = new ArrayList<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      tests.add(
          new PolicyTest(
              Map.of("n", random.nextLong(1L << 50), "d", random.nextInt() + 0.5, "s", "a\"\n#"),
              random.nextBoolean() ? Map.of() : Map.of("env", "prod"),
              PolicyTest.VERDICTS.get(random.nextInt(4))));
    }
    return new PolicyRule(
        name,
        new Glob(patterns[random.nextInt(patterns.length)]),
        random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(conditions[random.nextInt(conditions.length)]),
        effects[random.nextInt(effects.length)],
        List.copyOf(java.util.EnumSet.allOf(Severity.class)).get(random.nextInt(4)),
        tests);
  }
}
