package dev.gatehouse.gateway;

import dev.gatehouse.console.SignedCallbacks;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.gateway.config.GatewayConfig.Endpoint;
import dev.gatehouse.gateway.notify.Deliveries;
import dev.gatehouse.gateway.notify.Links;
import dev.gatehouse.gateway.notify.LiveCallbacks;
import dev.gatehouse.gateway.notify.NotifiedAuditLog;
import dev.gatehouse.gateway.notify.Notifier;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.List;

/** Who is told of rows, and whose signed answers are taken. Thread-safe. */
final class Notices implements AutoCloseable {

  private final Notifier notifier;
  private final LiveCallbacks callbacks;

  private Notices(Notifier notifier, LiveCallbacks callbacks) {
    this.notifier = notifier;
    this.callbacks = callbacks;
  }

  /**
   * Starts to tell.
   *
   * @param deliveries hears what became of each notice
   */
  static Notices start(Vertx vertx, Clock clock, GatewayConfig config, Deliveries deliveries) {
    Notices notices =
        new Notices(
            Notifier.start(vertx, clock, links(config), config.receivers(), deliveries),
            new LiveCallbacks(clock));
    notices.callbacks.replace(config.receivers(), people(config));
    return notices;
  }

  /** From now on these are told, and may answer. */
  void replace(GatewayConfig next) {
    notifier.replace(next.receivers());
    callbacks.replace(next.receivers(), people(next));
  }

  /** The log, with its rows told of once they are in it. */
  AuditLog over(AuditLog log) {
    return new NotifiedAuditLog(log, notifier);
  }

  SignedCallbacks callbacks() {
    return callbacks;
  }

  @Override
  public void close() {
    Steps.quietly("notifications", notifier::close);
  }

  private static List<Operator> people(GatewayConfig config) {
    return config.operators().stream()
        .map(entry -> new Operator(entry.name(), entry.groups()))
        .toList();
  }

  private static Links links(GatewayConfig config) {
    Endpoint admin = config.admin();
    return Links.under(
        config
            .publicUrl()
            .orElseGet(() -> URI.create("http://" + admin.host() + ":" + admin.port())));
  }
}
