package dev.gatehouse.llm;

import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.core.outcome.Attempt;
import dev.gatehouse.core.outcome.Evidence.ModelEvidence;
import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.outcome.TokenUsage;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.Pass;
import dev.gatehouse.llm.translate.StreamTranslator;
import dev.gatehouse.llm.translate.UnreadableReplyException;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.gatehouse.llm.wire.Problem;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.llm.wire.RequestFacts;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A granted call on its way along the lanes: tries one after the other until one serves, a fault
 * has to be told to the client, or time, hops or lanes run out. Lives on one event loop.
 *
 * <p>Tries run beside the writing of the call's row; nothing reaches the client before that row is
 * durable. However it ends, it ends with exactly one outcome row.
 */
final class Walk {

  private final Exchange exchange;
  private final ExecutionGrant grant;
  private final RequestFacts facts;
  private final List<Lane> lanes;
  private final Bodies bodies;
  private final List<Attempt> attempts = new ArrayList<>(2);
  private final List<Exclusion> excluded = new ArrayList<>(2);

  private int at = -1;
  private int hops;
  private int retries;
  private long contextAbove = -1;
  private long bytesAbove = -1;
  private @Nullable Try current;
  private @Nullable Fault lastFault;
  private @Nullable UntranslatableException untranslatable;

  private @Nullable AuditReceipt receipt;
  private boolean unrecorded;
  private @Nullable Runnable onDurable;
  private boolean settled;

  Walk(Exchange exchange, ExecutionGrant grant, RequestFacts facts, List<Lane> lanes) {
    this.exchange = exchange;
    this.grant = grant;
    this.facts = facts;
    this.lanes = lanes;
    this.bodies = new Bodies(exchange.reply().protocol(), facts);
  }

  void start() {
    grant
        .durable()
        .whenComplete(
            (made, failure) ->
                exchange
                    .endpoint()
                    .onLoop(
                        () -> {
                          if (made != null) {
                            durable(made);
                          } else {
                            undurable();
                          }
                        }));
    if (!unrecorded) {
      next();
    }
  }

  // --- the row ---------------------------------------------------------------------------------

  private void durable(AuditReceipt made) {
    receipt = made;
    Runnable waiting = onDurable;
    onDurable = null;
    if (waiting != null && !exchange.over()) {
      waiting.run();
    }
  }

  private void undurable() {
    unrecorded = true;
    cancelCurrent();
    settle(failed("audit_unavailable", "the intent could not be recorded"));
    exchange.problem(Refusals.UNRECORDED);
  }

  /** Runs that once something may reach the client. */
  void whenDurable(Runnable release) {
    if (receipt != null) {
      release.run();
    } else if (!unrecorded) {
      onDurable = release;
    }
  }

  // --- the lanes -------------------------------------------------------------------------------

  private void next() {
    while (++at < lanes.size()) {
      Lane lane = lanes.get(at);
      retries = 0;
      if (tooSmall(lane)) {
        exclude(lane, "limit_too_small");
      } else if (!attempts.isEmpty() && hops == exchange.limits().hopsMax()) {
        exclude(lane, "hop_budget_spent");
      } else if (ask(lane)) {
        return;
      }
    }
    exhausted();
  }

  private boolean tooSmall(Lane lane) {
    return (contextAbove >= 0 && lane.target().contextTokensMax() <= contextAbove)
        || (bytesAbove >= 0 && lane.target().requestBytesMax() <= bytesAbove);
  }

  private void exclude(Lane lane, String why) {
    excluded.add(new Exclusion(lane.provider().name(), why, Optional.empty()));
  }

  /** Sends the call to that lane; false when the lane does not take it. */
  private boolean ask(Lane lane) {
    return switch (lane.health().enter()) {
      case Entry.Shut(var exclusion) -> {
        excluded.add(exclusion);
        yield false;
      }
      case Entry.Open(var pass) -> send(lane, pass);
    };
  }

  private boolean send(Lane lane, Pass pass) {
    Buffer body;
    try {
      body = bodies.of(lane);
    } catch (UntranslatableException e) {
      untranslatable = e;
      exclude(lane, "untranslatable");
      pass.abandoned();
      return false;
    }
    if (!attempts.isEmpty() && retries == 0) {
      hops++;
    }
    Try attempt = new Try(this, lane, pass, facts.streaming());
    current = attempt;
    exchange.limit(
        facts.streaming() ? limits().firstEventTimeout() : limits().replyTimeout(),
        attempt::timedOut);
    MultiMap headers = HttpHeaders.headers();
    Headers.request(
        headers,
        lane.provider(),
        exchange.request().headers(),
        bodies.sameProtocol(lane),
        facts.streaming());
    attempt.start(exchange.endpoint().upstreams().of(lane.provider(), limits()), headers, body);
    return true;
  }

  /** A try failed before anything reached the client. */
  void failed(Try attempt, Fault fault) {
    exchange.unlimited();
    current = null;
    lastFault = fault;
    attempts.add(attempt.attempt(false, fault.kind().rowName()));
    attempt.pass().failed(fault);
    if (exchange.over() || unrecorded) {
      return;
    }
    switch (fault.reaction()) {
      case RETRY_THEN_NEXT -> retry(attempt.lane(), fault.retryAfter().orElse(Duration.ZERO));
      case NEXT -> next();
      case LARGER_CONTEXT -> {
        contextAbove = attempt.lane().target().contextTokensMax();
        nextLargerOr(attempt, fault);
      }
      case LARGER_BODY -> {
        bytesAbove = attempt.lane().target().requestBytesMax();
        nextLargerOr(attempt, fault);
      }
      case RERAISE -> reraise(attempt, fault);
    }
  }

  private void retry(Lane lane, Duration wait) {
    boolean worthIt =
        retries < limits().retriesMax()
            && wait.compareTo(limits().retryAfterMax()) <= 0
            && wait.compareTo(exchange.untilDeadline()) < 0;
    if (!worthIt) {
      next();
      return;
    }
    retries++;
    Runnable again =
        () -> {
          if (!exchange.over() && !unrecorded && !ask(lane)) {
            next();
          }
        };
    if (wait.isZero()) {
      again.run();
    } else {
      exchange.endpoint().vertx().setTimer(wait.toMillis(), _ -> again.run());
    }
  }

  private void nextLargerOr(Try attempt, Fault fault) {
    boolean larger = false;
    for (int i = at + 1; i < lanes.size(); i++) {
      larger |= !tooSmall(lanes.get(i));
    }
    if (larger) {
      next();
    } else {
      reraise(attempt, fault);
    }
  }

  private void reraise(Try attempt, Fault fault) {
    whenDurable(
        () -> {
          describe(attempt.lane());
          settle(failed(fault.kind().rowName(), "the provider refused the request"));
          Problems.reraise(exchange, bodies.sameProtocol(attempt.lane()), attempt, fault);
        });
  }

  private void exhausted() {
    whenDurable(
        () -> {
          describeAttempts();
          Problem problem =
              Problems.exhausted(
                  facts.model(), lanes, attempts, excluded, lastFault, untranslatable, clock());
          settle(
              lastFault != null && lastFault.kind() == FaultKind.TIMEOUT && lastFault.sent()
                  ? new Outcome.Indeterminate(problem.message(), evidence("", "", "", unused()))
                  : failed(
                      lastFault == null ? problem.code() : lastFault.kind().rowName(),
                      problem.message()));
          exchange.problem(problem);
        });
  }

  // --- a whole reply ---------------------------------------------------------------------------

  /** A try has a whole, readable reply. */
  void served(Try attempt, byte[] bytes) {
    exchange.unlimited();
    byte[] reply;
    try {
      reply = bodies.reply(attempt.lane(), bytes);
    } catch (UnreadableReplyException e) {
      failed(attempt, Fault.of(FaultKind.SERVER, attempt.status(), true));
      return;
    }
    attempt.pass().served();
    whenDurable(
        () -> {
          serving(attempt);
          complete(attempt, reply.length);
          exchange.end();
          exchange.reply().whole(attempt.status(), Buffer.buffer(reply));
        });
  }

  // --- a stream --------------------------------------------------------------------------------

  /** That try serves: its headers go out with the first byte. */
  void serving(Try attempt) {
    attempts.add(attempt.attempt(true, ""));
    describe(attempt.lane());
    Headers.response(attempt.headers(), attempt.lane().provider(), exchange.reply().headers());
  }

  void streamServed(Try attempt) {
    exchange.unlimited();
    attempt.pass().served();
    complete(attempt, exchange.reply().bytes());
    exchange.end();
    exchange.reply().endStream();
  }

  /** The stream broke after its first byte reached the client. */
  void streamBroken(Try attempt, Fault fault) {
    exchange.unlimited();
    attempt.abort();
    attempt.pass().failed(fault);
    attempts.removeLast();
    attempts.add(attempt.attempt(false, fault.kind().rowName()));
    Problem problem = Problems.interrupted(attempt.lane(), fault);
    settle(
        new Outcome.Indeterminate(problem.message(), evidence(attempt, exchange.reply().bytes())));
    exchange.end();
    exchange.reply().endStream(problem);
  }

  Optional<StreamTranslator> streamTranslator(Lane lane) {
    return bodies.streamTranslator(lane);
  }

  /** Whether the usage chunk is the gateway's own wish, and nothing for the client. */
  boolean stripsUsage() {
    return exchange.reply().protocol() == Protocol.CHAT && !facts.usageAsked();
  }

  // --- the end ---------------------------------------------------------------------------------

  /** The client has gone: whatever runs upstream is stopped, and says nothing about its lane. */
  void clientLeft() {
    Try running = cancelCurrent();
    ModelEvidence evidence =
        running == null
            ? evidence("", "", "", unused())
            : evidence(running, exchange.reply().bytes());
    settle(new Outcome.Indeterminate("the client left before the answer was complete", evidence));
  }

  void deadlinePassed() {
    Try running = current;
    if (running != null && exchange.reply().response().headWritten()) {
      running.pass().abandoned(); // a long answer is no fault of its provider
      running.breakOff(FaultKind.TIMEOUT);
      return;
    }
    cancelCurrent();
    whenDurable(
        () -> {
          describeAttempts();
          Problem problem = Problems.deadline(limits().deadline(), attempts);
          settle(new Outcome.Indeterminate(problem.message(), evidence("", "", "", unused())));
          exchange.problem(problem);
        });
  }

  private @Nullable Try cancelCurrent() {
    Try running = current;
    current = null;
    if (running != null) {
      running.cancel();
      boolean listed = exchange.reply().response().headWritten();
      if (listed) {
        attempts.removeLast();
      }
      attempts.add(running.attempt(false, "LLMCancelled"));
    }
    return running;
  }

  private void complete(Try attempt, long bytes) {
    current = null;
    settle(new Outcome.Completed(evidence(attempt, bytes)));
  }

  private Outcome failed(String kind, String message) {
    return new Outcome.Failed(kind, message, evidence("", "", "", unused()));
  }

  private static TokenUsage unused() {
    return TokenUsage.NONE;
  }

  private ModelEvidence evidence(Try attempt, long bytes) {
    return new ModelEvidence(
        exchange.elapsed(),
        attempt.lane().provider().name(),
        attempt.servedModel(),
        attempts,
        excluded,
        attempt.scan().usage(),
        attempt.scan().finishReason(),
        bytes);
  }

  private ModelEvidence evidence(
      String provider, String model, String finishReason, TokenUsage usage) {
    return new ModelEvidence(
        exchange.elapsed(), provider, model, attempts, excluded, usage, finishReason, 0);
  }

  private void settle(Outcome outcome) {
    if (!settled) {
      settled = true;
      exchange.gateway().gate().settle(grant, outcome);
    }
  }

  // --- headers ---------------------------------------------------------------------------------

  private void describe(Lane lane) {
    MultiMap headers = exchange.reply().headers();
    headers.set(Headers.PROVIDER, lane.provider().name());
    headers.set(Headers.MODEL, lane.model());
    describeAttempts();
  }

  private void describeAttempts() {
    MultiMap headers = exchange.reply().headers();
    headers.set(Headers.ATTEMPTS, Integer.toString(attempts.size()));
    StringBuilder reasons = new StringBuilder();
    for (Attempt attempt : attempts) {
      if (!attempt.ok()) {
        reasons.append(reasons.isEmpty() ? "" : ",").append(attempt.kind());
      }
    }
    if (!reasons.isEmpty()) {
      headers.set(Headers.REASON, reasons.toString());
    }
    if (receipt != null) {
      headers.set(Headers.AUDIT, receipt.toString());
    }
  }

  // --- what tries and relays ask ---------------------------------------------------------------

  void limit(Duration after, Runnable action) {
    exchange.limit(after, action);
  }

  /** From here on the client is the one who has to hurry. */
  void limitClient() {
    exchange.limit(limits().idleTimeout(), exchange::cutOff);
  }

  void unlimited() {
    exchange.unlimited();
  }

  ClientReply reply() {
    return exchange.reply();
  }

  LlmLimits limits() {
    return exchange.limits();
  }

  Clock clock() {
    return exchange.gateway().clock();
  }

  Endpoint endpoint() {
    return exchange.endpoint();
  }
}
