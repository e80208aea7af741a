package dev.gatehouse.policy.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.fleet.SharedSums.Part;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Sequence;
import dev.gatehouse.policy.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What agents do at one process of a fleet counts at the others. */
class FleetActivityTest {

  private final HandFleet fleet = new HandFleet();
  private final Agent agent = Calls.agent(Calls.TRIAGE);

  @Test
  void callsOfASessionCountWhereverTheyWereMade() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    one.count(agent, "s", 30);
    assertThat(two.count(agent, "s").sessionActions()).isEqualTo(1);
    fleet.exchange();
    assertThat(two.count(agent, "s").sessionActions()).isEqualTo(32);
    assertThat(two.count(agent, "other").sessionActions()).isEqualTo(4); // an eighth of the hour
    fleet.exchange();
    assertThat(one.count(agent, "s").sessionActions()).isEqualTo(33);
  }

  @Test
  void whatIsToldTwiceCountsOnce() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    one.count(agent, "s", 5);
    fleet.exchange();
    fleet.exchange();
    assertThat(one.count(agent, "s")).isEqualTo(new Activity(6, 6));
    fleet.exchange();
    assertThat(two.count(agent, "s")).isEqualTo(new Activity(7, 7));
  }

  @Test
  void aNewSessionAtEveryProcessDoesNotSetAnAgentBack() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    for (int i = 0; i < 400; i++) {
      one.count(agent, "one-" + i);
      two.count(agent, "two-" + i);
    }
    fleet.exchange();
    assertThat(two.count(agent, "fresh").sessionActions()).isEqualTo(801 / 8);
  }

  @Test
  void callsWithoutASessionCountInTheAgentsHourOfTheFleet() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    one.count(agent, "", 30);
    one.count(agent, "named", 10);
    fleet.exchange();
    assertThat(two.count(agent, "").sessionActions()).isEqualTo(31);
    fleet.clock.advance(Duration.ofMinutes(66));
    assertThat(two.count(agent, "").sessionActions()).isEqualTo(1);
  }

  @Test
  void theDeclaredRateIsOfAllProcessesTogether() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    Agent limited = Calls.agent(Calls.TRIAGE, OptionalInt.of(10), Map.of());
    one.count(limited, "s", 7);
    fleet.clock.advance(Duration.ofSeconds(20));
    two.count(limited, "s", 3);
    fleet.exchange();

    Activity over = two.count(limited, "s");

    assertThat(over.callsLastMinute()).isEqualTo(11);
    assertThat(over.rateFreeIn()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(45));
    fleet.clock.advance(over.rateFreeIn().minusMillis(1));
    assertThat(two.count(limited, "s").callsLastMinute()).isEqualTo(11);
    fleet.clock.advance(Duration.ofMillis(1));
    assertThat(two.count(limited, "s")).isEqualTo(new Activity(13, 4));
  }

  @Test
  void whoWasTwiceTooFastWaitsUntilEnoughIsForgotten() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    Agent limited = Calls.agent(Calls.TRIAGE, OptionalInt.of(10), Map.of());
    one.count(limited, "s", 2);
    fleet.clock.advance(Duration.ofSeconds(30));
    one.count(limited, "s", 6);
    two.count(limited, "s", 6);
    fleet.exchange();

    Duration wait = one.count(limited, "s").rateFreeIn();

    fleet.clock.advance(wait.minusMillis(1));
    assertThat(one.count(limited, "s").callsLastMinute()).isGreaterThan(10);
    fleet.clock.advance(Duration.ofMillis(1));
    assertThat(one.count(limited, "s").callsLastMinute()).isLessThanOrEqualTo(10);
    assertThat(wait).isGreaterThan(Duration.ofSeconds(31));
  }

  @Test
  void aProcessThatIsStartedAnewKnowsWhatItAndTheOthersSaw() {
    HandFleet.Node one = fleet.node();
    one.count(agent, "s", 30);
    one.exchange();
    assertThat(fleet.node().count(agent, "s")).isEqualTo(new Activity(31, 31));
  }

  @Test
  void aFleetThatForgotIsTaughtByAnyProcess() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    Agent ordered = ordered();
    one.count(agent, "s", 20);
    one.activity.completed(call("get"), ordered);
    fleet.exchange();
    fleet.nodes.remove(one);
    fleet.forget();
    two.count(agent, "s", 3);
    fleet.exchange();

    HandFleet.Node three = fleet.node();

    assertThat(three.count(agent, "s")).isEqualTo(new Activity(24, 24));
    assertThat(past(three, ordered).past().completed()).containsExactly(new Glob("tickets__get"));
  }

  @Test
  void withoutTheFleetEachGoesByItsOwnCallsAndTheFleetsLastWord() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    one.count(agent, "s", 20);
    fleet.exchange();
    one.count(agent, "s", 100);
    assertThat(two.count(agent, "s")).isEqualTo(new Activity(21, 21));
    fleet.exchange();
    assertThat(two.count(agent, "s")).isEqualTo(new Activity(122, 122));
  }

  @Test
  void whatNoLongerCountsIsNotToldByAProcessThatWasAway() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    one.count(agent, "", 20);
    fleet.clock.advance(Duration.ofMinutes(70));
    one.count(agent, "");
    fleet.exchange();
    assertThat(two.count(agent, "")).isEqualTo(new Activity(2, 2));
  }

  @Test
  void processesWhoseClocksDisagreeCountAlike() {
    HandFleet.Node late = fleet.node(Duration.ofMinutes(-90));
    HandFleet.Node early = fleet.node(Duration.ofMinutes(90));
    late.count(agent, "s", 20);
    early.count(agent, "s", 10);
    fleet.exchange();
    assertThat(late.count(agent, "s")).isEqualTo(new Activity(31, 31));
    fleet.exchange();
    assertThat(early.count(agent, "s")).isEqualTo(new Activity(32, 32));
    fleet.clock.advance(Duration.ofSeconds(66));
    assertThat(early.count(agent, "s")).isEqualTo(new Activity(33, 1));
  }

  @Test
  void whatWasCompletedAtOneIsCompletedAtTheOther() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    Agent ordered = ordered();
    one.count(ordered, "s");
    one.activity.begun(call("export"), ordered);
    one.activity.completed(call("get"), ordered);
    assertThat(past(two, ordered).past().completed()).isEmpty();
    fleet.exchange();
    assertThat(past(two, ordered).past().completed()).containsExactly(new Glob("tickets__get"));
    assertThat(past(two, ordered).past().begun()).containsExactly(new Glob("tickets__export*"));
  }

  @Test
  void inventedSessionsFillNoFleet() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    Agent ordered = ordered();
    for (int i = 0; i < 5_000; i++) {
      one.count(ordered, "invented-" + i);
      one.activity.begun(call("export", "invented-" + i), ordered);
    }
    fleet.exchange();
    assertThat(fleet.sums.keySet().stream().filter(name -> name.startsWith("s|"))).hasSize(1_000);
    assertThat(fleet.sums.keySet().stream().filter(name -> name.startsWith("b|"))).hasSize(1_000);
    assertThat(two.count(ordered, "fresh").sessionActions()).isEqualTo(5_001 / 8);
    fleet.clock.advance(Duration.ofMinutes(66));
    one.count(ordered, "later");
    fleet.exchange();
    assertThat(fleet.sums).containsKey("s|triage|later|");
  }

  @Test
  void sessionsWithAnyNameAreTold() {
    HandFleet.Node one = fleet.node();
    HandFleet.Node two = fleet.node();
    List<String> names =
        List.of("a b|c%", "é\n\u2028", "x".repeat(64), "x".repeat(65), "x".repeat(100_000));
    names.forEach(name -> one.count(agent, name, 200));
    fleet.exchange();
    names.forEach(
        name -> assertThat(two.count(agent, name).sessionActions()).as(name).isEqualTo(201));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "m",
        "m|triage",
        "m|triage|",
        "m|triage||x",
        "m|triage|s|",
        "m|tri age||",
        "z|triage|s|",
        "ss|triage|s|",
        "s|triage|%|",
        "s|triage|%zz|",
        "s||s|",
        "b|triage|s|",
        "s|triage|s|pattern",
        "s|triage|s||"
      })
  void aNameThatNobodyGaveIsIgnored(String name) {
    HandFleet.Node one = fleet.node();
    one.hears(new Part(name, 0, 1_000, 0, Duration.ZERO));
    long slot = ActivityName.Kind.MINUTE.slot(fleet.clock.millis());
    one.hears(new Part(name, slot, 1_000, 0, Duration.ZERO));
    assertThat(one.count(agent, "s")).isEqualTo(new Activity(1, 1));
  }

  @Test
  void sumsThatCannotBeAreTakenForWhatCan() {
    HandFleet.Node one = fleet.node();
    long slot = ActivityName.Kind.MINUTE.slot(fleet.clock.millis());
    for (long wrong : new long[] {slot + 2, slot - 13, 0, Long.MAX_VALUE, Long.MIN_VALUE}) {
      one.hears(new Part("m|triage||", wrong, 1_000, 0, Duration.ZERO));
    }
    one.hears(new Part("m|triage||", slot, -5, 0, Duration.ZERO));
    one.hears(new Part("s|triage|s|", 0, -5, 0, Duration.ZERO));
    one.hears(new Part("b|triage|s|tickets__export*", 0, 0, 0, Duration.ZERO));
    assertThat(past(one, ordered())).isEqualTo(new Activity(1, 1));
    one.hears(new Part("m|triage||", slot, Long.MAX_VALUE, 0, Duration.ZERO));
    one.hears(new Part("s|triage|s|", 0, Long.MAX_VALUE, 0, Duration.ZERO));
    assertThat(one.count(agent, "s")).isEqualTo(new Activity(1_000_000_002, 1_000_000_002));
  }

  @Test
  void patternsThatNoManifestHasAreForgottenAndFillNothing() {
    HandFleet.Node one = fleet.node();
    for (int i = 0; i < 10_000; i++) {
      one.hears(new Part("c|triage|s|p" + i, 0, 1, 0, Duration.ZERO));
    }
    one.count(agent, "s");
    assertThat(one.known()).hasSizeBetween(100, 200);
    Agent ordered = ordered();
    assertThat(past(one, ordered).past().completed()).isEmpty();
    one.activity.completed(call("get"), ordered);
    assertThat(past(one, ordered).past().completed()).containsExactly(new Glob("tickets__get"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whateverHappensAllCountTheSameInTheEnd(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<Long> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      fleet.node(Duration.ofMillis(random.nextInt(-200_000, 200_000)));
    }
    for (int step = 0; step < 3_000; step++) {
      HandFleet.Node node = fleet.nodes.get(random.nextInt(fleet.nodes.size()));
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> {
          node.count(agent, "");
          made.add(fleet.clock.millis());
        }
        case 5, 6, 7 -> fleet.clock.advance(Duration.ofMillis(random.nextInt(3_000)));
        case 8 -> {
          fleet.exchange();
          if (random.nextInt(10) == 0) {
            fleet.forget();
          }
        }
        default -> node.exchange();
      }
    }
    fleet.exchange();
    for (HandFleet.Node node : fleet.nodes) {
      Activity counted = node.count(agent, "");
      made.add(fleet.clock.millis());
      fleet.exchange();
      assertThat(counted.callsLastMinute())
          .isBetween(since(made, Duration.ofSeconds(60)), since(made, Duration.ofSeconds(65)));
      assertThat(counted.sessionActions())
          .isBetween(since(made, Duration.ofMinutes(60)), since(made, Duration.ofMinutes(65)));
    }
  }

  private int since(List<Long> made, Duration ago) {
    long from = fleet.clock.millis() - ago.toMillis();
    return Math.toIntExact(made.stream().filter(at -> at >= from).count());
  }

  private static ToolCall call(String operation) {
    return call(operation, "s");
  }

  private static ToolCall call(String operation, String session) {
    return Calls.tool(
        Calls.TRIAGE,
        session,
        "tickets",
        operation,
        OperationType.READ,
        "internal",
        TargetTier.DEV,
        Map.of());
  }

  private static Activity past(HandFleet.Node node, Agent agent) {
    return node.count(agent, "s");
  }

  private static Agent ordered() {
    Agent agent = Calls.agent(Calls.TRIAGE);
    JobBounds bounds =
        new JobBounds(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(
                new Sequence.NeverAfter(new Glob("tickets__export*"), new Glob("mail__*")),
                new Sequence.RequireBefore(new Glob("tickets__close"), new Glob("tickets__get"))));
    return Calls.declaring(agent, agent.manifest().with(bounds));
  }
}
