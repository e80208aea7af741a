package dev.gatehouse.gateway.config;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.config.UpstreamTimeouts;

/** Reads how long to wait for an upstream, and how much to take from it. */
final class UpstreamBounds {

  private UpstreamBounds() {}

  static UpstreamTimeouts timeouts(Section server) {
    UpstreamTimeouts fallback = UpstreamTimeouts.DEFAULTS;
    return new UpstreamTimeouts(
        server.duration("connect_timeout", fallback.connect()),
        server.duration("start_timeout", fallback.initialize()),
        server.duration("probe_timeout", fallback.probe()),
        server.duration("timeout", fallback.call()),
        server.duration("ping_timeout", fallback.ping()),
        server.duration("ping_every", fallback.pingEvery()),
        server.duration("close_timeout", fallback.close()),
        server.duration("drain", fallback.drain()),
        server.duration("absence", fallback.absence()),
        server.duration("reconnect_min", fallback.reconnectMin()),
        server.duration("reconnect_max", fallback.reconnectMax()));
  }

  static UpstreamLimits limits(Section limits) {
    UpstreamLimits fallback = UpstreamLimits.DEFAULTS;
    return new UpstreamLimits(
        limits.byteCount("message_bytes_max", fallback.messageBytesMax()),
        limits.byteCount("definition_bytes_max", fallback.definitionBytesMax()),
        limits.integer("tools_max", fallback.toolsMax()),
        limits.integer("context_entries_max", fallback.contextEntriesMax()),
        limits.integer("pages_max", fallback.pagesMax()),
        limits.integer("calls_max", fallback.callsMax()),
        limits.integer("connections_max", fallback.connectionsMax()),
        limits.integer("questions_max", fallback.questionsMax()),
        limits.integer("subscriptions_max", fallback.subscriptionsMax()),
        flow(limits));
  }

  private static FlowLimits flow(Section limits) {
    FlowLimits fallback = FlowLimits.DEFAULTS;
    return new FlowLimits(
        limits.integer("rounds_max", fallback.roundsMax()),
        limits.integer("repeats_max", fallback.repeatsMax()),
        limits.integer("task_failures_max", fallback.taskFailuresMax()),
        limits.integer("resumes_max", fallback.resumesMax()),
        limits.integer("posts_max", fallback.postsMax()),
        limits.integer("waiting_messages_max", fallback.waitingMessagesMax()),
        limits.byteCount("waiting_bytes_max", fallback.waitingBytesMax()),
        limits.integer("elicitations_max", fallback.elicitationsMax()),
        limits.integer("given_up_max", fallback.givenUpMax()),
        limits.integer("links_max", fallback.linksMax()));
  }
}
