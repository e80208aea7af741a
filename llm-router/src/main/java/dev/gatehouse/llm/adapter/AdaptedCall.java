package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.gatehouse.llm.wire.Json;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;

/**
 * One call of a provider behind LangChain4j, on a virtual thread of its own.
 *
 * <p>ASKED → ANSWERING, at the first piece → OVER. Every provider is asked for a stream, also when
 * the client wants the answer whole: so it can be let go at any time, and there is one way through.
 * What failed before the first piece is told with its status; what fails after it breaks the body
 * off.
 */
final class AdaptedCall implements Asking, StreamingChatResponseHandler {

  private static final Logger LOG = LoggerFactory.getLogger(AdaptedCall.class);

  /** How long nothing comes out of the library before a reply that is over counts as broken. */
  private static final Duration QUIET = Duration.ofMillis(500);

  private final ProviderConfig provider;
  private final String model;
  private final Buffer request;
  private final int charsMax;
  private final HttpClient client;
  private final Context loop;
  private final Adapters.Listener listener;
  private final Trace trace = new Trace();
  private final AwsTransport aws;
  private final ChatWords words;
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicBoolean told = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean streaming;
  private volatile boolean cancelled;
  private volatile @Nullable PushedBody body;
  private volatile boolean emitting;
  private volatile long emittedNanos = System.nanoTime();
  private long chars;

  AdaptedCall(
      ProviderConfig provider,
      String model,
      Buffer request,
      int charsMax,
      HttpClient client,
      Context loop,
      Adapters.Listener listener) {
    this.provider = provider;
    this.model = model;
    this.request = request;
    this.charsMax = charsMax;
    this.client = client;
    this.loop = loop;
    this.listener = listener;
    this.aws = new AwsTransport(client, trace, this::replyEnded);
    this.words = new ChatWords(model);
    this.thread = Thread.ofVirtual().name("llm-" + provider.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void cancel() {
    cancelled = true;
    thread.interrupt();
    aws.close();
  }

  private void run() {
    try {
      AdaptedRequest adapted =
          AdaptedRequest.read(Json.tree(request.getBytes()), model, provider.type());
      streaming = adapted.streaming();
      if (provider.type() == ProviderType.BEDROCK) {
        bedrock(adapted);
      } else {
        Transport transport = new Transport(client, trace, charsMax);
        Models.overHttp(provider, Transport.builder(transport), adapted)
            .chat(adapted.request(), this);
      }
      broken(new IOException("the answer ended without a word"));
    } catch (UntranslatableException | RuntimeException e) {
      broken(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void bedrock(AdaptedRequest adapted) throws InterruptedException {
    try (BedrockRuntimeAsyncClient made = Models.bedrockClient(provider, aws)) {
      Models.bedrock(provider, made, model).chat(adapted.request(), this);
      over.await();
    }
  }

  // --- what the library tells ------------------------------------------------------------------

  @Override
  public void onPartialResponse(String piece) {
    emit(piece.length(), () -> words.text(piece));
  }

  @Override
  public void onPartialThinking(PartialThinking thinking) {
    emit(thinking.text().length(), () -> words.thinking(thinking.text()));
  }

  @Override
  public void onPartialToolCall(PartialToolCall piece) {
    emit(piece.partialArguments().length(), () -> words.call(piece));
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    emit(
        call.toolExecutionRequest().arguments() == null
            ? 0
            : call.toolExecutionRequest().arguments().length(),
        () -> words.call(call));
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    if (words.finishReason(response).isEmpty()) {
      broken(new IOException("the answer ended without a reason"));
      return;
    }
    if (streaming) {
      emit(0, () -> words.end(response));
      PushedBody open = body;
      if (open != null) {
        open.finish();
      }
    } else {
      whole(200, Json.bytes(words.whole(response)));
    }
    over.countDown();
  }

  @Override
  public void onError(Throwable error) {
    broken(error);
  }

  // --- what the router hears -------------------------------------------------------------------

  private interface Words {
    String next();
  }

  /** The reply is read to its end: what it said may still be on its way through the library. */
  private void replyEnded() {
    CompletableFuture.delayedExecutor(QUIET.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (emitting || System.nanoTime() - emittedNanos < QUIET.toNanos()) {
                replyEnded();
              } else {
                broken(new IOException("the answer ended without its last event"));
              }
            });
  }

  private void emit(int length, Words next) {
    emitting = true;
    try {
      emitNow(length, next);
    } finally {
      emittedNanos = System.nanoTime();
      emitting = false;
    }
  }

  private void emitNow(int length, Words next) {
    chars += length;
    if (chars > charsMax) {
      throw new Transport.TooLongException();
    }
    String text = streaming ? next.next() : "";
    if (text.isEmpty() || cancelled) {
      return;
    }
    try {
      opened().push(Buffer.buffer(text));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PushedBody opened() {
    PushedBody open = body;
    if (open == null) {
      open = new PushedBody(loop);
      body = open;
      answer(200, "text/event-stream", open);
    }
    return open;
  }

  private void answer(int status, String type, PushedBody with) {
    if (told.compareAndSet(false, true)) {
      MultiMap headers = MultiMap.caseInsensitiveMultiMap();
      trace
          .headers()
          .forEach(
              (name, values) -> {
                if (!name.startsWith(":")) {
                  headers.set(name, values);
                }
              });
      if (headers.contains("x-amzn-requestid")) {
        headers.set("x-request-id", headers.get("x-amzn-requestid"));
      }
      headers.set("content-type", type);
      loop.runOnContext(_ -> listener.answered(new Answer(status, headers, with)));
    }
  }

  private void whole(int status, byte[] bytes) {
    PushedBody all = new PushedBody(loop);
    answer(status, "application/json", all);
    try {
      all.push(Buffer.buffer(bytes));
      all.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** It failed; said once, and in vain when it is over already. */
  private void broken(Throwable error) {
    if (over.getCount() == 0) {
      return;
    }
    over.countDown();
    PushedBody open = body;
    if (open != null) {
      open.fail(error);
      return;
    }
    switch (cause(error)) {
      case HttpException http -> whole(http.statusCode(), trace.error());
      case AwsServiceException service -> whole(service.statusCode(), words(service));
      case UnsupportedFeatureException unsupported -> whole(400, refusal(unsupported));
      case UntranslatableException refused -> whole(400, refusal(refused));
      default -> {
        if (trace.status() / 100 == 2) {
          // it answered, and what it said is unreadable or incomplete
          LOG.debug("an answer of {} cannot be read: {}", provider.name(), kind(error));
          whole(200, new byte[0]);
        } else if (told.compareAndSet(false, true)) {
          LOG.debug("{} cannot be asked: {}", provider.name(), kind(error));
          loop.runOnContext(_ -> listener.failed(trace.wasSent()));
        }
      }
    }
  }

  /** An exception without its message, which may hold what the provider said. */
  private static String kind(Throwable error) {
    return error.getClass().getSimpleName();
  }

  /** What lies behind the library's own exception, where it says more. */
  private static Throwable cause(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof HttpException
          || at instanceof AwsServiceException
          || at instanceof UnsupportedFeatureException
          || at instanceof UntranslatableException) {
        return at;
      }
    }
    return error;
  }

  private static byte[] words(AwsServiceException service) {
    String code = service.awsErrorDetails() == null ? "" : service.awsErrorDetails().errorCode();
    String message =
        service.awsErrorDetails() == null ? "" : service.awsErrorDetails().errorMessage();
    return Json.bytes(
        Map.of(
            "error",
            Map.of(
                "type",
                "provider_error",
                "code",
                code == null ? "" : code,
                "message",
                message == null ? "" : message)));
  }

  private static byte[] refusal(Exception why) {
    return Json.bytes(
        Map.of(
            "error",
            Map.of("type", "invalid_request_error", "message", String.valueOf(why.getMessage()))));
  }
}
