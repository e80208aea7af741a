package dev.gatehouse.connectors.rpc;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.offer.ListKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What arrives in a session, handed to whom it is for: answers to the requests that wait for them,
 * notifications to the request or the listener they belong to, requests to the era's dialect.
 */
final class Arrivals implements WireEvents {

  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  private static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";

  private final String upstream;
  private final RpcSession session;
  private final PendingCalls calls;
  private final ServerNews news;

  Arrivals(String upstream, RpcSession session, PendingCalls calls, ServerNews news) {
    this.upstream = upstream;
    this.session = session;
    this.calls = calls;
    this.news = news;
  }

  @Override
  public void received(Map<String, Object> message, PendingCall exchange) {
    if (message.containsKey("method")) {
      event(message, Optional.of(exchange));
    } else if (PendingCalls.number(message.get("id")) == exchange.id()) {
      settle(exchange, message);
    } else if (message.containsKey("error") && message.get("id") == null) {
      settle(exchange, message);
    } else {
      LOG.debug("mcp {}: an answer to another request came in an exchange; ignored", upstream);
    }
  }

  @Override
  public void received(Map<String, Object> message) {
    if (message.containsKey("method")) {
      event(message, Optional.empty());
      return;
    }
    PendingCall call = calls.find(message.get("id"));
    if (call == null) {
      session.requests().answeredLate(PendingCalls.number(message.get("id")));
      LOG.debug("mcp {}: an answer to no running request; ignored", upstream);
    } else {
      settle(call, message);
    }
  }

  @Override
  public void unreadable(long id, String why) {
    PendingCall call = calls.waiting(id);
    if (call != null) {
      call.settle(new RpcReply.Lost(why));
    }
  }

  @Override
  public void gap() {
    news.missed();
  }

  @Override
  public void expired() {
    session.expired();
  }

  @Override
  public void retired(String why) {
    session.retired(why);
  }

  @Override
  public void died(String why) {
    session.died(why);
  }

  private void settle(PendingCall call, Map<String, Object> message) {
    if (message.get("error") instanceof Map<?, ?>) {
      Map<String, Object> error = Json.object(message, "error");
      RpcReply.RpcError refusal =
          new RpcReply.RpcError(
              PendingCalls.number(error.get("code")),
              Json.text(error, "message"),
              error.get("data"));
      call.events().caller().ifPresent(caller -> session.requests().refused(refusal, caller));
      call.settle(refusal);
    } else if (message.get("result") instanceof Map<?, ?>) {
      call.settle(new RpcReply.Result(Json.object(message, "result")));
    } else {
      call.settle(new RpcReply.Lost("the answer has neither a result object nor an error"));
    }
  }

  private void event(Map<String, Object> message, Optional<PendingCall> exchange) {
    Map<String, Object> params = Json.object(message, "params");
    switch (Json.text(message, "method")) {
      case "notifications/progress" -> progress(params);
      case "notifications/message" -> exchange.ifPresent(call -> call.events().message(params));
      case "notifications/elicitation/complete" ->
          session.requests().elicitationComplete(Json.text(params, "elicitationId"));
      case "notifications/cancelled" -> withdrawn(params.get("requestId"));
      case "notifications/subscriptions/acknowledged" -> acknowledged(params);
      case "notifications/tasks" -> taskChanged(params);
      case "notifications/resources/updated" -> news.resourceUpdated(Json.text(params, "uri"));
      case String method -> other(message, method, params, exchange);
    }
  }

  private void other(
      Map<String, Object> message,
      String method,
      Map<String, Object> params,
      Optional<PendingCall> exchange) {
    Object id = message.getOrDefault("id", "");
    boolean asks = id instanceof Number || (id instanceof String text && !text.isEmpty());
    if (asks && session.requests().asked(id, method, params, exchange)) {
      return;
    }
    if (ListKind.changedBy(method).isEmpty()) {
      LOG.debug("mcp {}: a notification that nobody waits for; ignored", upstream);
    } else {
      news.listsChanged(ListKind.changedBy(method));
    }
  }

  private void progress(Map<String, Object> params) {
    PendingCall call = calls.waiting(params.get("progressToken"));
    if (call != null && call.events().wantsProgress()) {
      Map<String, Object> rest = new HashMap<>(params);
      rest.remove("progressToken");
      call.events().progress(rest);
    }
  }

  /** The server takes a request of its own back, or ends a stream of news. */
  private void withdrawn(@Nullable Object id) {
    PendingCall stream = calls.stream(id);
    if (stream != null) {
      stream.settle(new RpcReply.Lost("the server ended the stream"));
    } else if (id != null) {
      session.requests().withdrawn(id);
    }
  }

  private void taskChanged(Map<String, Object> params) {
    PendingCall listen = calls.stream(Json.object(params, "_meta").get(SUBSCRIPTION_ID));
    if (listen != null) {
      listen.events().taskChanged(params);
    }
  }

  private void acknowledged(Map<String, Object> params) {
    PendingCall listen = calls.find(Json.object(params, "_meta").get(SUBSCRIPTION_ID));
    if (listen != null) {
      listen.events().acknowledged(Json.object(params, "notifications"));
    }
  }
}
