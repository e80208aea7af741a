package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.CallerEvents;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.RpcMessages;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a legacy upstream asks by requests of its own, on its way to the caller whose call it
 * belongs to, and the answer on its way back. Thread-safe; never blocks.
 *
 * <p>Callers share a session, so the question of one must never reach another. Over HTTP a question
 * comes in the exchange of its call. Where it comes without one, as always over stdio, MCP has no
 * word for the call it belongs to: it goes to the only call that runs, if only one does, and if no
 * call of another principal was given up that the upstream may still be busy with. Otherwise it is
 * refused.
 */
final class Questions {

  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
  private static final Set<String> OFFERED =
      Set.of("elicitation/create", "sampling/createMessage", "roots/list");
  private static final int INVALID_REQUEST = -32600;
  private static final int METHOD_NOT_FOUND = -32601;
  private static final int INTERNAL_ERROR = -32603;
  private static final String KEY = "question";

  /** What a legacy client declares that passes all of them on. */
  static final Map<String, Object> CAPABILITIES =
      Map.of(
          "elicitation", Map.of("form", Map.of(), "url", Map.of()),
          "sampling", Map.of("tools", Map.of()),
          "roots", Map.of());

  private final String upstream;
  private final int openMax;
  private final int givenUpMax;
  private final int messageBytesMax;
  private final Consumer<byte[]> answer;
  private final UrlElicitations elicitations;
  private final Map<Object, PendingCall> open = new ConcurrentHashMap<>();
  private final Map<Long, Principal> givenUp = new HashMap<>();
  private boolean lostCount;

  /**
   * Without questions yet.
   *
   * @param answer takes answers as JSON text, for the upstream
   * @param elicitations notes who is sent to a URL
   */
  Questions(McpServerConfig config, Consumer<byte[]> answer, UrlElicitations elicitations) {
    this.upstream = config.name();
    this.openMax = config.limits().questionsMax();
    this.givenUpMax = config.limits().flow().givenUpMax();
    this.messageBytesMax = config.limits().messageBytesMax();
    this.answer = answer;
    this.elicitations = elicitations;
  }

  /** A question that came in the exchange of that call. */
  void asked(Object id, String method, Map<String, Object> params, PendingCall exchange) {
    if (exchange.settled() || exchange.events().caller().isEmpty()) {
      refuse(id, INVALID_REQUEST, method + " belongs to no running call");
    } else {
      ask(id, method, params, exchange);
    }
  }

  /** A question that came without a call, while these requests run. */
  void asked(
      Object id, String method, Map<String, Object> params, Collection<PendingCall> running) {
    List<PendingCall> calls =
        running.stream().filter(call -> call.events().caller().isPresent()).toList();
    if (calls.size() != 1) {
      refuse(
          id,
          INVALID_REQUEST,
          method + " names no call, and " + calls.size() + " calls run in this session");
    } else if (othersMayAsk(calls.getFirst())) {
      refuse(
          id, INVALID_REQUEST, method + " names no call, and may belong to one that was given up");
    } else {
      ask(id, method, params, calls.getFirst());
    }
  }

  /** The upstream takes a question back. */
  void withdrawn(Object id) {
    open.remove(id);
  }

  /** A call that had left was given up: the upstream may go on with it. */
  synchronized void givenUp(PendingCall call) {
    call.events()
        .caller()
        .ifPresent(
            caller -> {
              if (givenUp.size() < givenUpMax) {
                givenUp.put(call.id(), caller.principal());
              } else {
                lostCount = true;
              }
            });
  }

  /** A call was answered after it had been given up: the upstream is done with it. */
  synchronized void answeredLate(long id) {
    givenUp.remove(id);
  }

  /** How many questions wait for an answer. */
  int size() {
    return open.size();
  }

  private synchronized boolean othersMayAsk(PendingCall call) {
    Optional<Principal> principal = call.events().caller().map(CallerEvents::principal);
    return lostCount
        || givenUp.values().stream().anyMatch(other -> !Optional.of(other).equals(principal));
  }

  private void ask(Object id, String method, Map<String, Object> params, PendingCall call) {
    if (!OFFERED.contains(method)) {
      refuse(id, METHOD_NOT_FOUND, "Gatehouse does not offer " + method);
    } else if (open.containsKey(id)) {
      refuse(id, INVALID_REQUEST, "a question of that id is open already");
    } else if (!register(id, call)) {
      refuse(id, INTERNAL_ERROR, openMax + " questions are open already (questionsMax)");
    } else {
      call.reply().thenRun(() -> open.remove(id, call));
      call.events().caller().ifPresent(caller -> elicitations.asked(method, params, caller));
      put(call, new ClientRequest(method, passedOn(method, params)))
          .whenComplete(
              (answers, failure) -> {
                if (open.remove(id, call)) {
                  answer.accept(failure == null ? answered(id, answers) : failed(id, failure));
                }
              });
    }
  }

  private synchronized boolean register(Object id, PendingCall call) {
    return open.size() < openMax && open.putIfAbsent(id, call) == null;
  }

  private static CompletionStage<Map<String, Object>> put(PendingCall call, ClientRequest asked) {
    try {
      return call.events().caller().orElseThrow().listener().ask(Map.of(KEY, asked));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private byte[] answered(Object id, Map<String, Object> answers) {
    Map<String, Object> result = Json.object(answers, KEY);
    if (result.isEmpty()) {
      return RpcMessages.error(id, INTERNAL_ERROR, "the client gave no answer");
    }
    byte[] message = RpcMessages.result(id, result);
    return message.length <= messageBytesMax
        ? message
        : RpcMessages.error(
            id,
            INTERNAL_ERROR,
            "the answer has " + message.length + " bytes, messageBytesMax is " + messageBytesMax);
  }

  private byte[] failed(Object id, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ClientRefusedException refused) {
      return RpcMessages.error(id, refused.code(), String.valueOf(refused.getMessage()));
    }
    LOG.warn("mcp {}: a question could not be put to a client", upstream, cause);
    return RpcMessages.error(id, INTERNAL_ERROR, "an internal error");
  }

  private void refuse(Object id, int code, String why) {
    LOG.debug("mcp {}: the server asks and is refused: {}", upstream, why);
    answer.accept(RpcMessages.error(id, code, why));
  }

  /**
   * The params as the client gets them: without the upstream's progress token, which means nothing
   * there, and without a wish for the client's context, as that holds what other upstreams said.
   */
  private static Map<String, Object> passedOn(String method, Map<String, Object> params) {
    Map<String, Object> passed = new LinkedHashMap<>(params);
    if (method.equals("sampling/createMessage")) {
      passed.remove("includeContext");
    }
    if (passed.containsKey("_meta")) {
      Map<String, Object> meta = new LinkedHashMap<>(Json.object(passed, "_meta"));
      meta.remove("progressToken");
      passed.put("_meta", meta);
      if (meta.isEmpty()) {
        passed.remove("_meta");
      }
    }
    return passed;
  }
}
