package dev.gatehouse.gateway;

import dev.gatehouse.audit.AuditState;
import dev.gatehouse.core.fleet.FleetStatus;
import dev.gatehouse.core.fleet.FleetStatus.Mode;
import dev.gatehouse.gateway.metrics.Exposition;
import dev.gatehouse.gateway.metrics.RowMetrics;
import dev.gatehouse.llm.LlmGateway;
import dev.gatehouse.llm.failover.LaneStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The numbers of this gateway: sums over its rows, and how its parts stand right now. */
final class MetricsPage {

  /** So many lanes are shown: names of models may come from clients. */
  private static final int LANES_MAX = 256;

  private final RowMetrics rows;
  private final Supplier<AuditState> audit;
  private final LlmGateway llm;
  private final Supplier<FleetStatus> fleet;
  private final long startedNanos = System.nanoTime();

  MetricsPage(
      RowMetrics rows, Supplier<AuditState> audit, LlmGateway llm, Supplier<FleetStatus> fleet) {
    this.rows = rows;
    this.audit = audit;
    this.llm = llm;
    this.fleet = fleet;
  }

  String text() {
    Exposition text = new Exposition();
    text.name("gatehouse_info", "Which gateway this is.", "gauge")
        .value("gatehouse_info", Map.of("version", Version.text()), 1);
    text.single(
        "gatehouse_uptime_seconds",
        "Since the start.",
        "gauge",
        (System.nanoTime() - startedNanos) / 1_000_000_000);
    rows.write(text);
    audit(text, audit.get());
    lanes(text, llm.health());
    fleet(text, fleet.get());
    Runtime runtime = Runtime.getRuntime();
    text.single(
        "gatehouse_heap_used_bytes",
        "Heap in use, garbage included.",
        "gauge",
        runtime.totalMemory() - runtime.freeMemory());
    return text.toString();
  }

  private static void audit(Exposition text, AuditState state) {
    text.single(
        "gatehouse_audit_open", "Whether the log takes rows.", "gauge", state.open() ? 1 : 0);
    text.single(
        "gatehouse_audit_rows_total", "Rows of this stream on disk.", "counter", state.rows());
    text.single(
        "gatehouse_audit_queued_rows", "Rows that wait for the disk.", "gauge", state.queuedRows());
    text.single(
        "gatehouse_audit_queued_bytes",
        "Bytes that wait for the disk.",
        "gauge",
        state.queuedBytes());
    text.single(
        "gatehouse_audit_open_calls",
        "Calls that were allowed and have no outcome yet.",
        "gauge",
        state.openCalls());
  }

  private void lanes(Exposition text, List<LaneStatus> lanes) {
    text.single(
        "gatehouse_llm_requests_in_flight",
        "LLM requests that are being served.",
        "gauge",
        llm.requestsInFlight());
    text.single(
        "gatehouse_llm_lanes", "Models of providers whose health is known.", "gauge", lanes.size());
    List<LaneStatus> shown = lanes.stream().limit(LANES_MAX).toList();
    text.name("gatehouse_llm_provider_state", "1 for the state that a lane is in.", "gauge");
    for (LaneStatus lane : shown) {
      text.value(
          "gatehouse_llm_provider_state",
          Map.of(
              "provider", lane.provider(),
              "model", lane.model(),
              "state", name(lane.state())),
          1);
    }
    text.name("gatehouse_llm_recent_failures", "Failures within the window, seen here.", "gauge");
    for (LaneStatus lane : shown) {
      text.value(
          "gatehouse_llm_recent_failures",
          Map.of("provider", lane.provider(), "model", lane.model()),
          lane.recentFailures());
    }
  }

  private static void fleet(Exposition text, FleetStatus status) {
    text.name("gatehouse_fleet_mode", "1 for how this process stands to its fleet.", "gauge");
    for (Mode mode : Mode.values()) {
      text.value("gatehouse_fleet_mode", Map.of("mode", name(mode)), status.mode() == mode ? 1 : 0);
    }
    text.name("gatehouse_fleet_news_age_seconds", "Age of the fleet's last word.", "gauge")
        .seconds("gatehouse_fleet_news_age_seconds", status.newsAge().toNanos() / 1_000);
    text.single(
        "gatehouse_fleet_degradations_total",
        "How often the fleet was lost.",
        "counter",
        status.degradations());
    text.single(
        "gatehouse_fleet_recoveries_total",
        "How often it was found again.",
        "counter",
        status.recoveries());
    text.single(
        "gatehouse_fleet_unsent_total", "Reports that were not sent.", "counter", status.unsent());
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
