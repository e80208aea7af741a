package dev.gatehouse.mcp.legacy;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.mcp.http.Timers;
import dev.gatehouse.mcp.jsonrpc.Message;
import dev.gatehouse.mcp.jsonrpc.MessageWriter;
import dev.gatehouse.mcp.jsonrpc.RequestId;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Requests of ours that the client of one session has not answered. Their ids cannot be guessed and
 * are looked up in their own session only, so that no response reaches another's question.
 * Thread-safe.
 */
final class SessionQuestions {

  private static final int ID_BYTES = 16;

  private final ConcurrentMap<RequestId, Open> open = new ConcurrentHashMap<>();
  private final RandomGenerator random;
  private final Timers timers;
  private final Predicate<byte[]> listener;

  private record Open(CompletableFuture<Map<String, Object>> answer, Timers.Timer limit) {}

  /**
   * @param listener sends on the session's own stream; false when the client listens to none
   */
  SessionQuestions(RandomGenerator random, Timers timers, Predicate<byte[]> listener) {
    this.random = random;
    this.timers = timers;
    this.listener = listener;
  }

  /**
   * Asks; the stage brings the result, on any thread, or fails with {@link ClientRefusedException}.
   *
   * @param stream sends on the response of the client's own request, on whose behalf it is asked;
   *     false when that takes nothing
   * @param most how long the client may take
   * @param over when it completes, the question is taken back if it is still open
   */
  CompletionStage<Map<String, Object>> ask(
      ClientRequest question, Predicate<byte[]> stream, Duration most, CompletionStage<?> over) {
    RequestId id = freshId();
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    byte[] request = MessageWriter.request(id, question.method(), question.params());
    Timers.Timer limit =
        timers.after(
            most,
            () -> {
              if (refuse(id, "the client did not answer within parkedHold " + most)) {
                deliver(cancellation(id, "it took too long"), stream);
              }
            });
    open.put(id, new Open(answer, limit));
    if (!deliver(request, stream)) {
      refuse(id, "the client listens to no stream on which it could be asked");
    }
    var _ =
        over.whenComplete(
            (_, _) -> {
              if (refuse(id, "the question was taken back")) {
                deliver(cancellation(id, "it is not needed any more"), stream);
              }
            });
    return answer;
  }

  /** Tells the client something, there or on the session's own stream. */
  void tell(String method, Map<String, Object> params, Predicate<byte[]> stream) {
    deliver(MessageWriter.notification(method, params), stream);
  }

  /** A response of this session's client; one that answers nothing is ignored. */
  void answered(Message.Response response) {
    Open asked = open.remove(response.id());
    if (asked == null) {
      return;
    }
    asked.limit().cancel();
    if (response.error().isPresent()) {
      RpcError error = response.error().get();
      asked
          .answer()
          .completeExceptionally(
              new ClientRefusedException(error.code(), error.message(), Map.of()));
    } else {
      asked.answer().complete(response.result());
    }
  }

  /** The session is over: nobody will answer. */
  void close() {
    List.copyOf(open.keySet()).forEach(id -> refuse(id, "the session ended"));
  }

  private boolean refuse(RequestId id, String why) {
    Open asked = open.remove(id);
    if (asked == null) {
      return false;
    }
    asked.limit().cancel();
    asked.answer().completeExceptionally(new ClientRefusedException(-32603, why, Map.of()));
    return true;
  }

  private boolean deliver(byte[] message, Predicate<byte[]> stream) {
    return stream.test(message) || listener.test(message);
  }

  private static byte[] cancellation(RequestId id, String reason) {
    return MessageWriter.notification(
        "notifications/cancelled",
        Map.of("requestId", MessageWriter.idValue(id), "reason", reason));
  }

  private RequestId freshId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return new RequestId.Text(Base64.getUrlEncoder().withoutPadding().encodeToString(id));
  }
}
