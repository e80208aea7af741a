package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.limit.LimitStatus;
import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.gateway.notify.Deliveries;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.failover.LaneStatus.Origin;
import dev.gatehouse.llm.failover.LaneStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a scrape shows is how things stand when it is asked for. */
class MetricsTest {

  private final Metrics metrics = new Metrics();

  private static LaneStatus lane(String model, State state, int failures) {
    return new LaneStatus(
        "openai", model, state, Optional.empty(), failures, Origin.LOCAL, Duration.ZERO);
  }

  @Test
  void laneThatChangesItsStateIsShownInTheNewOneOnly() {
    AtomicReference<List<LaneStatus>> lanes =
        new AtomicReference<>(List.of(lane("m", State.HEALTHY, 1)));
    metrics.llm(() -> 3, lanes::get);
    assertThat(metrics.text())
        .contains(
            "gatehouse_llm_provider_state{model=\"m\",provider=\"openai\",state=\"healthy\"} 1.0\n",
            "gatehouse_llm_recent_failures{model=\"m\",provider=\"openai\"} 1.0\n",
            "gatehouse_llm_requests_in_flight 3.0\n");

    lanes.set(List.of(lane("m", State.UNHEALTHY, 5)));

    assertThat(metrics.text())
        .contains(
            "gatehouse_llm_provider_state{model=\"m\",provider=\"openai\",state=\"unhealthy\"}"
                + " 1.0\n",
            "gatehouse_llm_recent_failures{model=\"m\",provider=\"openai\"} 5.0\n")
        .doesNotContain("state=\"healthy\"");
  }

  @Test
  void namesFromClientsMakeSoManyLinesAtMost() {
    List<LaneStatus> many =
        IntStream.range(0, 1_000).mapToObj(i -> lane("m" + i, State.HEALTHY, 0)).toList();
    metrics.llm(() -> 0, () -> many);

    assertThat(metrics.text().lines().filter(line -> line.startsWith("gatehouse_llm_recent_")))
        .hasSize(256);
    assertThat(metrics.text()).contains("gatehouse_llm_lanes 1000.0\n");
  }

  @Test
  void moneyIsShownInDollarsAndOtherLimitsInTheirUnits() {
    List<LimitStatus> limits = new ArrayList<>();
    limits.add(
        new LimitStatus(
            "team",
            Measure.USD_PER_DAY,
            "team a",
            1_500_000_000L,
            20_000_000_000L,
            Optional.empty()));
    limits.add(
        new LimitStatus(
            "team",
            Measure.USD_PER_DAY,
            "team b",
            250_000_000L,
            20_000_000_000L,
            Optional.empty()));
    limits.add(new LimitStatus("all", Measure.REQUESTS_PER_MINUTE, "", 7, 60, Optional.empty()));
    metrics.limits(() -> limits);

    assertThat(metrics.text())
        .contains(
            "gatehouse_llm_limit{limit=\"team\",measure=\"usd_per_day\"} 20.0\n",
            "gatehouse_llm_limit{limit=\"all\",measure=\"requests_per_minute\"} 60.0\n",
            "gatehouse_llm_limit_used{limit=\"team\",measure=\"usd_per_day\",whose=\"team a\"}"
                + " 1.5\n",
            "gatehouse_llm_limit_used{limit=\"team\",measure=\"usd_per_day\",whose=\"team b\"}"
                + " 0.25\n",
            "gatehouse_llm_limit_used{limit=\"all\",measure=\"requests_per_minute\",whose=\"\"}"
                + " 7.0\n");
  }

  @Test
  void noticesAreCountedByReceiverAndByWhatBecameOfThem() {
    Deliveries deliveries = metrics.notifications();
    deliveries.count("siem", Deliveries.Fate.DELIVERED);
    deliveries.count("siem", Deliveries.Fate.LOST);
    deliveries.count("siem", Deliveries.Fate.LOST);

    assertThat(metrics.text())
        .contains(
            "gatehouse_notifications_total{fate=\"delivered\",receiver=\"siem\"} 1.0\n",
            "gatehouse_notifications_total{fate=\"lost\",receiver=\"siem\"} 2.0\n");
  }

  @Test
  void fleetThatWasLostIsCountedThoughNothingElseHoldsItsState() {
    metrics.fleet(
        () ->
            new FleetStatus(
                FleetStatus.Mode.DEGRADED, "no answer", Duration.ofMillis(1_500), 2, 1, 9, 4));
    System.gc();

    assertThat(metrics.text())
        .contains(
            "gatehouse_fleet_mode{mode=\"degraded\"} 1.0\n",
            "gatehouse_fleet_mode{mode=\"connected\"} 0.0\n",
            "gatehouse_fleet_news_age_seconds 1.5\n",
            "gatehouse_fleet_degradations_total 2.0\n",
            "gatehouse_fleet_recoveries_total 1.0\n",
            "gatehouse_fleet_unsent_total 9.0\n",
            "gatehouse_fleet_forged_total 4.0\n");
  }
}
