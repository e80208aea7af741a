package dev.gatehouse.gateway;

import dev.gatehouse.audit.AuditState;
import dev.gatehouse.audit.postgres.ShipperState;
import dev.gatehouse.audit.tsa.StampState;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.fleet.FleetStatus.Mode;
import dev.gatehouse.core.limit.LimitStatus;
import dev.gatehouse.core.limit.Measure;
import dev.gatehouse.gateway.metrics.MeteredAuditLog;
import dev.gatehouse.gateway.metrics.RowMetrics;
import dev.gatehouse.gateway.metrics.Series;
import dev.gatehouse.gateway.notify.Deliveries;
import dev.gatehouse.llm.failover.LaneStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * This gateway in numbers: sums over its rows, and how its parts stand when somebody looks.
 * Thread-safe.
 */
final class Metrics implements AutoCloseable {

  /** So many lanes and counts are shown: their names may come from clients. */
  private static final int SHOWN_MAX = 256;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RowMetrics rows = new RowMetrics(registry);
  private final List<Runnable> refreshes = new ArrayList<>();

  Metrics() {
    Gauge.builder("gatehouse.info", () -> 1)
        .description("Which gateway this is.")
        .tag("version", Version.text())
        .register(registry);
    new UptimeMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  /** The log, with its rows counted on their way. */
  AuditLog over(AuditLog log) {
    return new MeteredAuditLog(log, rows);
  }

  /** All of it in the text format that Prometheus scrapes. */
  synchronized String text() {
    refreshes.forEach(Runnable::run);
    return registry.scrape();
  }

  void audit(Supplier<AuditState> audit) {
    gauge("gatehouse.audit.open", "Whether the log takes rows.", () -> audit.get().open() ? 1 : 0);
    counter("gatehouse.audit.rows", "Rows of this stream on disk.", audit, AuditState::rows);
    gauge(
        "gatehouse.audit.queued.rows",
        "Rows that wait for the disk.",
        () -> audit.get().queuedRows());
    gauge(
        "gatehouse.audit.queued.bytes",
        "Bytes that wait for the disk.",
        () -> audit.get().queuedBytes());
    gauge(
        "gatehouse.audit.open.calls",
        "Calls that were allowed and have no outcome yet.",
        () -> audit.get().openCalls());
    gauge(
        "gatehouse.audit.checkpoint.late",
        "Whether no checkpoint was kept for two intervals.",
        () -> audit.get().checkpointLate() ? 1 : 0);
    if (audit.get().stamps().isPresent()) {
      gauge(
          "gatehouse.audit.timestamp.late",
          "Whether no time-stamp of a fleet checkpoint was kept for two intervals.",
          () -> audit.get().stamps().map(StampState::late).orElse(false) ? 1 : 0);
    }
  }

  void index(Supplier<Long> lag) {
    gauge("gatehouse.audit.index.lag.rows", "Rows that the index has yet to take.", lag::get);
  }

  void copy(Supplier<Optional<ShipperState>> copy) {
    if (copy.get().isEmpty()) {
      return;
    }
    Supplier<ShipperState> state = () -> copy.get().orElseThrow();
    gauge(
        "gatehouse.audit.copy.lag.rows",
        "Rows of this stream on disk that the database has yet to confirm.",
        () -> state.get().lagRows());
    gauge(
        "gatehouse.audit.copy.oldest.waiting.seconds",
        "For how long the oldest row waits that the database has yet to confirm.",
        () -> state.get().oldestWaiting().toSeconds());
    gauge(
        "gatehouse.audit.copy.late",
        "Whether that is longer than late_after.",
        () -> state.get().late() ? 1 : 0);
  }

  void llm(Supplier<Integer> inFlight, Supplier<List<LaneStatus>> lanes) {
    gauge("gatehouse.llm.requests.in.flight", "LLM requests that are being served.", inFlight::get);
    gauge(
        "gatehouse.llm.lanes",
        "Models of providers whose health is known.",
        () -> lanes.get().size());
    MultiGauge states = many("gatehouse.llm.provider.state", "1 for the state that a lane is in.");
    MultiGauge failures =
        many("gatehouse.llm.recent.failures", "Failures within the window, seen here.");
    refreshes.add(
        () -> {
          List<LaneStatus> shown = lanes.get().stream().limit(SHOWN_MAX).toList();
          states.register(
              shown.stream()
                  .map(lane -> Row.of(lane(lane).and("state", name(lane.state())), 1))
                  .toList(),
              true);
          failures.register(
              shown.stream().map(lane -> Row.of(lane(lane), lane.recentFailures())).toList(), true);
        });
  }

  void limits(Supplier<List<LimitStatus>> limits) {
    limits("llm", limits, status -> status.measure().unit() != Measure.Unit.CALLS);
    limits("tool", limits, status -> status.measure().unit() == Measure.Unit.CALLS);
  }

  private void limits(
      String what, Supplier<List<LimitStatus>> limits, Predicate<LimitStatus> ofThat) {
    String name = "gatehouse." + what + ".limit";
    MultiGauge most = many(name, "How much a limit allows, in its unit.");
    MultiGauge used = many(name + ".used", "How much of a limit is used up, and by whom.");
    refreshes.add(
        () -> {
          List<LimitStatus> shown = limits.get().stream().filter(ofThat).limit(SHOWN_MAX).toList();
          Map<Tags, Double> allowed = new LinkedHashMap<>();
          shown.forEach(status -> allowed.put(limit(status), amount(status, status.most())));
          most.register(
              allowed.entrySet().stream()
                  .map(limit -> Row.of(limit.getKey(), limit.getValue()))
                  .toList(),
              true);
          used.register(
              shown.stream()
                  .map(
                      status ->
                          Row.of(
                              limit(status).and("whose", status.whose()),
                              amount(status, status.used())))
                  .toList(),
              true);
        });
  }

  /** Counts what became of notices. */
  Deliveries notifications() {
    Series series =
        new Series(
            registry,
            "gatehouse.notifications",
            "Notices for receivers, and whether they were delivered or lost.",
            "receiver",
            "fate");
    return (receiver, fate) -> series.add(receiver, name(fate), 1);
  }

  void fleet(Supplier<FleetStatus> fleet) {
    for (Mode mode : Mode.values()) {
      Gauge.builder("gatehouse.fleet.mode", () -> fleet.get().mode() == mode ? 1 : 0)
          .description("1 for how this process stands to its fleet.")
          .tag("mode", name(mode))
          .register(registry);
    }
    TimeGauge.builder(
            "gatehouse.fleet.news.age", () -> fleet.get().newsAge().toNanos(), TimeUnit.NANOSECONDS)
        .description("Age of the fleet's last word.")
        .register(registry);
    counter(
        "gatehouse.fleet.degradations",
        "How often the fleet was lost.",
        fleet,
        FleetStatus::degradations);
    counter(
        "gatehouse.fleet.recoveries",
        "How often it was found again.",
        fleet,
        FleetStatus::recoveries);
    counter("gatehouse.fleet.unsent", "Reports that were not sent.", fleet, FleetStatus::unsent);
    counter(
        "gatehouse.fleet.forged",
        "Notes of the fleet that were ignored, since they are not sealed with its secret.",
        fleet,
        FleetStatus::forged);
  }

  private void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder(name, value).description(help).register(registry);
  }

  private <T> void counter(String name, String help, Supplier<T> state, ToDoubleFunction<T> count) {
    // The registry holds what it is given weakly: this stays, a supplier might not.
    FunctionCounter.builder(name, this, _ -> count.applyAsDouble(state.get()))
        .description(help)
        .register(registry);
  }

  private MultiGauge many(String name, String help) {
    return MultiGauge.builder(name).description(help).register(registry);
  }

  private static Tags lane(LaneStatus lane) {
    return Tags.of("provider", lane.provider(), "model", lane.model());
  }

  private static Tags limit(LimitStatus status) {
    return Tags.of("limit", status.limit(), "measure", name(status.measure()));
  }

  /** In US dollars where money is counted. */
  private static double amount(LimitStatus status, long counted) {
    return status.measure().unit() == Measure.Unit.NANO_USD ? counted / 1e9 : counted;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    registry.close();
  }
}
