package dev.gatehouse.mcp.listening;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolCatalog.Subscription;
import dev.gatehouse.core.tool.ToolConnector.Subscribed;
import dev.gatehouse.mcp.calls.CallFlow;
import dev.gatehouse.mcp.calls.CallParts;
import dev.gatehouse.mcp.calls.ContextCalls;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.replies.CallReplies;
import dev.gatehouse.mcp.replies.CallReply;
import dev.gatehouse.mcp.requests.Delivery;
import dev.gatehouse.mcp.requests.InFlight;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.requests.Visibility;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Subscriptions to resources: each is a governed call, and each agent has a limited number open.
 * Thread-safe.
 */
public final class Subscriptions {

  private final CallParts parts;
  private final ContextCalls calls;
  private final Visibility visibility;
  private final InFlight open = new InFlight();

  public Subscriptions(CallParts parts, ContextCalls calls) {
    this.parts = parts;
    this.calls = calls;
    visibility = new Visibility(parts.ports().registry());
  }

  /**
   * {@code resources/subscribe}: subscribes and answers.
   *
   * @param updated takes the URI, on any thread, whenever the resource changed
   * @param opened takes the URI and what ends the subscription, before the answer
   */
  public void subscribe(
      Invocation invocation,
      Replier replier,
      Consumer<String> updated,
      BiConsumer<String, Subscription> opened) {
    if (!(invocation.params().get("uri") instanceof String uri) || uri.isEmpty()) {
      replier.error(RpcError.invalidParams("params.uri must be the URI of a resource"));
      return;
    }
    open(
        invocation,
        uri,
        replier,
        () -> updated.accept(uri),
        (subscription, reply) -> {
          if (replier.isCancelled()) {
            subscription.ifPresent(Subscription::close);
            replier.silence();
            return;
          }
          subscription.ifPresent(ending -> opened.accept(uri, ending));
          CallReplies.send(reply, false, replier, Delivery.UNNOTED);
        });
  }

  /**
   * Subscribes without answering.
   *
   * @param updated runs on any thread
   * @param then takes, on the replier's loop, what ends the subscription, unless there is none, and
   *     the reply
   */
  void open(
      Invocation invocation,
      String uri,
      Replier replier,
      Runnable updated,
      BiConsumer<Optional<Subscription>, CallReply> then) {
    RpcError unknown = RpcError.resourceNotFound(uri);
    Optional<ContextCall> call = calls.resource(invocation, uri, ContextOperation.SUBSCRIBE);
    if (call.isEmpty()) {
      then.accept(Optional.empty(), new CallReply.Failure(unknown));
      return;
    }
    AgentId agent = invocation.principal().agent();
    int max = parts.config().get().limits().subscriptionsPerAgentMax();
    if (!open.enter(agent, 1, max)) {
      then.accept(
          Optional.empty(),
          new CallReply.Failure(
              RpcError.internal(
                  "this agent has subscriptionsPerAgentMax " + max + " subscriptions open")));
      return;
    }
    Held held = new Held(agent);
    Runnable told =
        () -> {
          if (!visibility.hides(call.get())) {
            updated.run();
          }
        };
    new CallFlow(parts, call.get(), invocation.meta(), replier, unknown)
        .start(
            (connector, grant, _) ->
                connector
                    .subscribe(grant, told)
                    .thenApply(
                        subscribed -> {
                          held.upstream(subscribed);
                          return subscribed.reply();
                        }),
            reply -> {
              if (reply instanceof CallReply.Result) {
                then.accept(Optional.of(held), reply);
              } else {
                held.close();
                then.accept(Optional.empty(), reply);
              }
            });
  }

  /** A subscription, or the place of one: ends once, whenever its upstream part arrives. */
  private final class Held implements Subscription {

    private final AgentId agent;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<Subscription> upstream = new AtomicReference<>(() -> {});

    Held(AgentId agent) {
      this.agent = agent;
    }

    void upstream(Subscribed subscribed) {
      upstream.set(subscribed.subscription());
      if (closed.get()) {
        end();
      }
    }

    private void end() {
      upstream.getAndSet(() -> {}).close();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        end();
        open.leave(agent, 1);
      }
    }
  }
}
