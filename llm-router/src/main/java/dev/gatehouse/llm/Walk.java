package dev.gatehouse.llm;

import dev.gatehouse.core.gate.ExecutionGrant;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.Journey;
import dev.gatehouse.llm.failover.Journey.Step;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.failover.Pass;
import dev.gatehouse.llm.translate.StreamTranslator;
import dev.gatehouse.llm.translate.UnreadableReplyException;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.Problem;
import dev.gatehouse.llm.wire.RequestFacts;
import dev.gatehouse.llm.wire.UnreadableJsonException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A granted call on its way along the lanes: tries one after the other until one serves, a fault
 * has to be told to the client, or time, hops or lanes run out. Lives on one event loop.
 *
 * <p>Tries run beside the writing of the call's intent; nothing reaches the client before that is
 * durable. However it ends, it ends with one outcome row.
 */
final class Walk {

  private static final Logger LOG = LoggerFactory.getLogger(Walk.class);

  private final Exchange exchange;
  private final ExecutionGrant grant;
  private final RequestFacts facts;
  private final List<Lane> lanes;
  private final Journey journey;
  private final Bodies bodies;
  private final Meter meter;
  private final Ledger ledger;
  private final Release release;

  private boolean ending;
  private @Nullable Try current;
  private @Nullable Fault lastFault;
  private @Nullable UntranslatableException untranslatable;

  Walk(Exchange exchange, ExecutionGrant grant, Meter meter, RequestFacts facts, Course course) {
    this.exchange = exchange;
    this.grant = grant;
    this.facts = facts;
    this.lanes = course.lanes();
    this.journey = new Journey(lanes, course.bounds(), exchange.limits(), course.draws());
    this.bodies = new Bodies(exchange.api(), facts, this::holdsPrevious);
    this.meter = meter;
    this.ledger =
        new Ledger(exchange.gateway().gate(), grant, course, journey, meter, exchange::elapsed);
    this.release = new Release(exchange.endpoint());
  }

  void start() {
    release.await(grant, this::unrecorded);
    if (!stopped()) {
      take(journey.next());
    }
  }

  private void unrecorded() {
    cancelCurrent();
    ledger.refused("audit_unavailable", "the intent could not be recorded");
    exchange.problem(Refusals.UNRECORDED);
  }

  /** Whether nothing more is to be asked: the end is told, or about to be. */
  private boolean stopped() {
    return ending || release.refused() || exchange.over();
  }

  // --- the lanes -------------------------------------------------------------------------------

  private void take(Step step) {
    switch (step) {
      case Step.Go(var lane, var pass) -> send(lane, pass);
      case Step.Ask(var answer) -> await(answer);
      case Step.Wait(var length) -> retryAfter(length);
      case Step.Raise _, Step.Broken _ ->
          throw new IllegalStateException("only a failed try leads to " + step);
      case Step.End() -> exhausted();
    }
  }

  /** The one call that offers itself as a probe waits for the fleet's word, which is bounded. */
  private void await(CompletionStage<Entry> answer) {
    answer.whenComplete(
        (entry, failure) ->
            exchange
                .endpoint()
                .onLoop(
                    () -> {
                      if (!stopped()) {
                        take(entry == null ? journey.next() : journey.answered(entry));
                      } else if (entry instanceof Entry.Open(var pass)) {
                        pass.abandoned();
                      }
                    }));
  }

  private void retryAfter(Duration wait) {
    exchange
        .endpoint()
        .vertx()
        .setTimer(
            Math.max(1, wait.toMillis()),
            _ -> {
              if (!stopped()) {
                take(journey.again());
              }
            });
  }

  private void send(Lane lane, Pass pass) {
    Buffer body;
    Api api;
    try {
      body = bodies.of(lane);
      api = bodies.upstream(lane);
    } catch (UntranslatableException e) {
      untranslatable = e;
      take(journey.unsendable(pass, Ledger.UNTRANSLATABLE, e.field()));
      return;
    } catch (RuntimeException e) {
      LOG.error("the translation for provider {} failed", lane.provider().name(), e);
      take(journey.unsendable(pass, "translation_failed", ""));
      return;
    }
    journey.sent();
    Try attempt = new Try(this, lane, pass, facts.streaming());
    current = attempt;
    try {
      start(attempt, api, body);
    } catch (RuntimeException e) {
      LOG.error("provider {} cannot be asked", lane.provider().name(), e);
      attempt.fail(Fault.of(FaultKind.CONNECTION, 0, false));
    }
  }

  private void start(Try attempt, Api api, Buffer body) {
    Lane lane = attempt.lane();
    exchange.limit(
        facts.streaming() ? limits().firstEventTimeout() : limits().replyTimeout(),
        attempt::timedOut);
    if (lane.provider().type().adapted()) {
      attempt.start(exchange.gateway().adapters(), endpoint().context(), body);
      return;
    }
    MultiMap headers = HttpHeaders.headers();
    Headers.request(
        headers,
        lane.provider(),
        exchange.request().headers(),
        bodies.sameProtocol(lane),
        facts.streaming());
    attempt.start(
        exchange.endpoint().upstreams().of(lane.provider(), limits()), api, headers, body);
  }

  /** A try failed, before or after something of its answer reached the client. */
  void failed(Try attempt, Fault fault) {
    exchange.unlimited();
    current = null;
    lastFault = fault;
    attempt.pass().failed(fault);
    if (stopped()) {
      ledger.failed(attempt, fault.kind());
      return;
    }
    Step step = journey.failed(fault, exchange.untilDeadline());
    if (step instanceof Step.Broken) {
      broken(attempt, fault);
      return;
    }
    ledger.failed(attempt, fault.kind());
    if (step instanceof Step.Raise) {
      reraise(attempt, fault);
    } else {
      take(step);
    }
  }

  // --- the answers -----------------------------------------------------------------------------

  /** A try has a whole, readable reply. */
  void served(Try attempt, byte[] bytes) {
    exchange.unlimited();
    byte[] reply;
    try {
      reply = bodies.reply(attempt.lane(), bytes);
    } catch (UnreadableReplyException | UnreadableJsonException e) {
      failed(attempt, Fault.of(FaultKind.SERVER, attempt.status(), true));
      return;
    } catch (RuntimeException e) {
      LOG.error("the translation of a reply of {} failed", attempt.lane().provider().name(), e);
      failed(attempt, Fault.of(FaultKind.SERVER, attempt.status(), true));
      return;
    }
    attempt.pass().served();
    whenDurable(
        () -> {
          serving(attempt);
          current = null;
          keep(attempt);
          ledger.completed(attempt, Given.whole(reply));
          describeLimits();
          exchange.end();
          exchange.reply().whole(attempt.status(), Buffer.buffer(reply));
        });
  }

  /** That try serves: its headers go out with the first byte. */
  void serving(Try attempt) {
    journey.begun();
    ledger.serving(attempt);
    MultiMap headers = exchange.reply().headers();
    Headers.response(attempt.headers(), attempt.lane().provider(), headers);
    ledger.describe(attempt.lane(), headers);
    describeLimits();
  }

  private void describeLimits() {
    meter.describe(exchange.api().protocol(), clock().instant(), exchange.reply().headers());
  }

  void streamServed(Try attempt) {
    exchange.unlimited();
    attempt.pass().served();
    current = null;
    keep(attempt);
    ledger.completed(attempt, exchange.reply().given());
    exchange.end();
    exchange.reply().endStream();
  }

  /** Remembers whose response that was, if the provider keeps it and the client knows its id. */
  private void keep(Try attempt) {
    String id = attempt.scan().responseId();
    if (!id.isEmpty() && facts.stored() && exchange.api() == Api.RESPONSES) {
      responses().keep(id, exchange.principal().agent(), attempt.lane());
    }
  }

  private boolean holdsPrevious(Lane lane) {
    return responses().holds(facts.previousResponse(), exchange.principal().agent(), lane);
  }

  private StoredResponses responses() {
    return exchange.gateway().responses();
  }

  /** The stream broke after its first byte reached the client. */
  private void broken(Try attempt, Fault fault) {
    ledger.servingFailed(attempt, fault.kind());
    Problem problem = Problems.interrupted(attempt.lane(), fault);
    ledger.unknown(problem.message(), attempt, exchange.reply().given());
    exchange.end();
    exchange.reply().endStream(problem);
  }

  // --- the other ends --------------------------------------------------------------------------

  private void reraise(Try attempt, Fault fault) {
    ending = true;
    whenDurable(
        () -> {
          ledger.describe(attempt.lane(), exchange.reply().headers());
          ledger.refused(fault.kind().rowName(), "the provider refused the request");
          Problems.reraise(exchange, bodies.sameProtocol(attempt.lane()), attempt, fault);
        });
  }

  private void exhausted() {
    ending = true;
    Fault last = lastFault;
    Problem problem =
        Problems.exhausted(
            facts.model(),
            lanes,
            ledger.attempts(),
            journey.excluded(),
            last,
            untranslatable,
            clock());
    whenDurable(
        () -> {
          ledger.describe(exchange.reply().headers());
          if (last != null && last.kind() == FaultKind.TIMEOUT && last.sent()) {
            ledger.unknown(problem.message());
          } else {
            ledger.refused(
                last == null ? problem.code() : last.kind().rowName(), problem.message());
          }
          describeLimits();
          exchange.problem(problem);
        });
  }

  /** The client has gone: whatever runs upstream is stopped, and says nothing about its lane. */
  void clientLeft() {
    boolean began = answerBegan();
    Try running = cancelCurrent();
    String reason = "the client left before the answer was complete";
    if (running != null && began) {
      ledger.unknown(reason, running, exchange.reply().given());
    } else {
      ledger.unknown(reason);
    }
  }

  void deadlinePassed() {
    Try running = current;
    if (running != null && answerBegan()) {
      running.pass().abandoned(); // a long answer is no fault of its provider
      running.breakOff(FaultKind.TIMEOUT);
      return;
    }
    if (ending) {
      return;
    }
    ending = true;
    cancelCurrent();
    Problem problem = Problems.deadline(limits().deadline(), ledger.attempts());
    whenDurable(
        () -> {
          ledger.describe(exchange.reply().headers());
          ledger.unknown(problem.message());
          exchange.problem(problem);
        });
  }

  private boolean answerBegan() {
    return exchange.reply().response().headWritten();
  }

  private @Nullable Try cancelCurrent() {
    Try running = current;
    current = null;
    if (running != null) {
      running.cancel();
      ledger.cancelled(running, answerBegan());
    }
    return running;
  }

  // --- what tries and relays ask ---------------------------------------------------------------

  /** Runs that once something may reach the client; never, when it may not or has gone. */
  void whenDurable(Runnable task) {
    release.whenDurable(
        () -> {
          if (!exchange.over()) {
            release
                .receipt()
                .ifPresent(made -> exchange.reply().headers().set(Headers.AUDIT, made.toString()));
            task.run();
          }
        });
  }

  Optional<StreamTranslator> streamTranslator(Lane lane) {
    return bodies.streamTranslator(lane);
  }

  /** Whether the usage chunk is the gateway's own wish, and nothing for the client. */
  boolean stripsUsage() {
    return exchange.api() == Api.CHAT && !facts.usageAsked();
  }

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
