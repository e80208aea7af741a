package dev.gatehouse.llm;

import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.translate.SseEvent;
import dev.gatehouse.llm.translate.StreamTranslator;
import dev.gatehouse.llm.translate.UnreadableReplyException;
import dev.gatehouse.llm.wire.ReplyScan;
import dev.gatehouse.llm.wire.SseReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a provider's stream to the client, event by event.
 *
 * <p>PEEKING: nothing has reached the client, and any fault moves the call on to the next lane →
 * the first event is good, and as much is held back as the limits want → COMMITTED: the call's row
 * becomes durable → RELEASED: from here on a fault ends the stream with an error event, because
 * what the client has cannot be taken back → OVER. Only complete events go out, so that an error
 * event never lands in the middle of another.
 */
final class StreamRelay implements Watch.Limited {

  private static final Logger LOG = LoggerFactory.getLogger(StreamRelay.class);
  private static final Buffer DONE = Buffer.buffer("data: [DONE]\n\n");
  private static final Buffer MESSAGE_STOP =
      Buffer.buffer("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

  /** How long a provider may leave its connection open after the last event. */
  private static final Duration TRAILER = Duration.ofSeconds(1);

  private final Walk walk;
  private final Try attempt;
  private final ReadStream<Buffer> upstream;
  private final HttpServerResponse client;
  private final ReplyScan scan;
  private final SseReader reader = new SseReader();
  private final Optional<StreamTranslator> translator;
  private final boolean stripUsage;

  private Buffer held = Buffer.buffer();
  private boolean peeked;
  private boolean committed;
  private boolean released;
  private boolean complete;
  private boolean over;
  private long written;
  private long trailerNanos;

  StreamRelay(Walk walk, Try attempt, ReadStream<Buffer> upstream) {
    this.walk = walk;
    this.attempt = attempt;
    this.upstream = upstream;
    this.client = walk.reply().response();
    this.scan = attempt.scan();
    this.translator = walk.streamTranslator(attempt.lane());
    this.stripUsage = walk.stripsUsage();
  }

  void start() {
    upstream.handler(this::chunk);
    upstream.endHandler(_ -> upstreamEnded());
    upstream.exceptionHandler(_ -> upstreamBroke());
  }

  private void chunk(Buffer chunk) {
    if (over || complete) {
      return;
    }
    byte[] bytes = chunk.getBytes();
    reader.feed(bytes);
    if (translator.isPresent()) {
      while (!over && !complete && reader.next()) {
        translate(translator.get());
      }
    } else {
      relay(chunk, bytes);
    }
    if (!over && reader.pendingBytes() > walk.limits().eventBytesMax()) {
      broken(FaultKind.STREAM);
    }
    if (over) {
      return;
    }
    if (peeked && !committed && (complete || held.length() > walk.limits().recoverBytesMax())) {
      commit();
    }
    if (complete) {
      finish();
    } else if (peeked) {
      awaitMore();
    }
  }

  /** Passes events on as they are; a chunk of nothing but such events is not even copied. */
  private void relay(Buffer chunk, byte[] bytes) {
    int from = -1;
    int to = -1;
    while (!over && !complete && reader.next()) {
      if (keep()) {
        from = from < 0 ? reader.eventFrom() : from;
        to = reader.eventTo();
      } else if (!over) {
        emit(from, to, chunk, bytes);
        from = -1;
      }
    }
    if (!over) {
      emit(from, to, chunk, bytes);
    }
  }

  private void emit(int from, int to, Buffer chunk, byte[] bytes) {
    if (from >= 0) {
      boolean all = reader.inPlace() && from == 0 && to == bytes.length;
      out(all ? chunk : Buffer.buffer(Arrays.copyOfRange(reader.bytes(), from, to)));
    }
  }

  /** Reads the event; true when the client is to see it as it is. */
  private boolean keep() {
    if (!reader.hasData()) {
      return true;
    }
    if (reader.isDone()) {
      complete = true;
      return true;
    }
    if (!readEvent()) {
      return false;
    }
    if (scan.closes()) {
      complete = true;
    }
    return !(stripUsage && scan.isUsageChunk());
  }

  /** Scans the event and deals with errors and noise; false when the stream is over. */
  private boolean readEvent() {
    if (!scan.scan(reader.data(), reader.dataFrom(), reader.dataTo())) {
      broken(FaultKind.STREAM);
      return false;
    }
    if (scan.isError()) {
      broken(attempt.classified());
      return false;
    }
    if (!peeked) {
      if (scan.isPreamble()) {
        preamble();
      } else {
        peek();
      }
    }
    return true;
  }

  /**
   * The provider has begun, but said nothing that could not be taken back: its errors come after
   * this. It may be thinking, which takes longer than accepting a request.
   */
  private void preamble() {
    if (!scan.type().equals("ping")) {
      walk.limit(walk.limits().idleTimeout(), attempt::timedOut);
    }
  }

  private void translate(StreamTranslator to) {
    if (!reader.hasData()) {
      return;
    }
    if (reader.isDone()) {
      complete = true;
      translated(to, to::end);
    } else if (readEvent()) {
      SseEvent event = new SseEvent(reader.name(), reader.text());
      complete = scan.closes();
      translated(to, () -> to.event(event));
      if (complete && !over) {
        translated(to, to::end);
      }
    }
  }

  /** Sends what the translator makes; what it cannot read or complete is the provider's fault. */
  private void translated(StreamTranslator to, Supplier<List<SseEvent>> step) {
    List<SseEvent> events;
    try {
      events = step.get();
    } catch (UnreadableReplyException e) {
      broken(FaultKind.STREAM);
      return;
    } catch (RuntimeException e) {
      LOG.error("the translation of a stream of {} failed", attempt.lane().provider().name(), e);
      broken(FaultKind.STREAM);
      return;
    }
    if (to.failed()) {
      broken(FaultKind.STREAM);
    } else {
      out(events);
    }
  }

  private void out(List<SseEvent> events) {
    written += events.size();
    StringBuilder text = new StringBuilder();
    for (SseEvent event : events) {
      if (!event.name().isEmpty()) {
        text.append("event: ").append(event.name()).append('\n');
      }
      text.append("data: ").append(event.data()).append("\n\n");
    }
    if (!text.isEmpty()) {
      out(Buffer.buffer(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void out(Buffer events) {
    if (!released) {
      held = held.length() == 0 ? events : held.appendBuffer(events);
      return;
    }
    walk.reply().write(events);
    if (client.writeQueueFull() && !complete) {
      upstream.pause();
      walk.limitClient();
      client.drainHandler(
          _ -> {
            if (!over) {
              awaitMore();
              upstream.resume();
            }
          });
    }
  }

  private void awaitMore() {
    if (!committed) {
      walk.limit(walk.limits().idleTimeout(), () -> broken(FaultKind.TIMEOUT));
    } else if (!released) {
      walk.unlimited();
    } else if (!client.writeQueueFull()) {
      walk.limit(walk.limits().idleTimeout(), () -> broken(FaultKind.TIMEOUT));
    }
  }

  /** The first event is good: this lane serves, unless it breaks while all can still be undone. */
  private void peek() {
    peeked = true;
    attempt.stopClock();
    attempt.pass().begun();
    if (walk.limits().recoverBytesMax() == 0) {
      commit();
    }
  }

  /** No more is held back than this: the rest goes out as soon as the call's row is durable. */
  private void commit() {
    committed = true;
    upstream.pause();
    walk.whenDurable(this::release);
  }

  private void release() {
    if (over) {
      return;
    }
    // the chunk that holds the first event is still being read when the row is durable already
    walk.endpoint().vertx().runOnContext(_ -> releaseNow());
  }

  private void releaseNow() {
    if (over) {
      return;
    }
    released = true;
    walk.serving(attempt);
    walk.reply().beginStream();
    Buffer first = held;
    held = Buffer.buffer();
    out(first);
    if (complete) {
      finish();
    } else {
      awaitMore();
      if (!client.writeQueueFull()) {
        upstream.resume();
      }
    }
  }

  private void upstreamEnded() {
    attempt.responseEnded();
    walk.endpoint().watch().remove(this);
    if (over || complete) {
      return;
    }
    if (reader.last()) {
      relayLast();
    }
    if (over) {
      return;
    }
    if (!complete && !scan.finished()) {
      broken(FaultKind.STREAM);
      return;
    }
    if (!complete) {
      complete = true;
      close();
    }
    if (!over && !committed) {
      commit();
    }
    finish();
  }

  private void upstreamBroke() {
    walk.endpoint().watch().remove(this);
    broken(FaultKind.STREAM);
  }

  private void relayLast() {
    if (translator.isPresent()) {
      translate(translator.get());
    } else if (keep()) {
      Buffer event =
          Buffer.buffer(Arrays.copyOfRange(reader.bytes(), reader.eventFrom(), reader.eventTo()));
      out(event.appendString("\n\n"));
    }
  }

  /** The answer is complete but its closing event is missing: clients that wait for it get it. */
  private void close() {
    if (translator.isPresent()) {
      translated(translator.get(), translator.get()::end);
    } else {
      switch (walk.reply().protocol()) {
        case CHAT -> out(DONE);
        case MESSAGES -> out(MESSAGE_STOP);
        case RESPONSES -> {} // its reason to end and its closing event are the same
      }
    }
  }

  private void finish() {
    if (!released || over) {
      return;
    }
    over = true;
    walk.streamServed(attempt);
    if (attempt.hasEnded()) {
      return;
    }
    upstream.resume();
    trailerNanos = System.nanoTime() + TRAILER.toNanos();
    walk.endpoint().watch().add(this);
  }

  @Override
  public void check(long nowNanos) {
    if (nowNanos - trailerNanos >= 0) {
      walk.endpoint().watch().remove(this);
      attempt.abort();
    }
  }

  /** Whether the provider has said anything of its answer. */
  boolean began() {
    return peeked;
  }

  /** Whatever still happens upstream is nobody's concern any more. */
  void silence() {
    over = true;
  }

  /** The stream cannot go on. */
  void broken(FaultKind kind) {
    broken(Fault.of(kind, attempt.status(), true));
  }

  private void broken(Fault fault) {
    if (over) {
      return;
    }
    over = true;
    if (released) {
      walk.reply().nextSequence(translator.isPresent() ? written : scan.sequence() + 1);
    }
    attempt.fail(fault);
  }
}
