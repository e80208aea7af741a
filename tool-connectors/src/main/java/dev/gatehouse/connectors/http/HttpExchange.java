package dev.gatehouse.connectors.http;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.connectors.oauth.Refusal;
import dev.gatehouse.connectors.oauth.RequestAuthorization;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.core.registry.AgentId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One POST and its answer: a JSON body, an event stream, which is a {@link HttpEventAnswer} from
 * there on, or a bare 202. Everything but {@link #abort} happens on the request's event loop.
 */
final class HttpExchange {

  private static final int ERROR_BODY_BYTES_MAX = 64 * 1024;

  /** How often one request asks for other credentials: a nonce, a token, a wider token. */
  private static final int REFUSALS_MAX = 4;

  private static final String UNAUTHORIZED = "upstream_unauthorized";
  private static final String CHALLENGE = "WWW-Authenticate";

  private final HttpWire wire;
  private final PendingCall call;
  private final HttpTurn turn;
  private final RequestAuthorization authorization;
  private volatile @Nullable HttpClientRequest request;
  private volatile boolean aborted;
  private int refusals;

  HttpExchange(HttpWire wire, PendingCall call) {
    this.wire = wire;
    this.call = call;
    this.turn = wire.turn(call);
    this.authorization = wire.endpoint().authorizer().request("POST", agent(call));
  }

  PendingCall call() {
    return call;
  }

  /** What the conversation has to say in it. */
  HttpTurn turn() {
    return turn;
  }

  /** Whether nobody wants its answer any more. */
  boolean over() {
    return aborted || call.settled();
  }

  /** The request that runs for it now. */
  void running(HttpClientRequest fresh) {
    request = fresh;
    fresh.exceptionHandler(_ -> lostConnection());
  }

  void start() {
    Requester.with(authorization.headers(), this::post);
  }

  private void post(Map<String, String> credentials) {
    if (over()) {
      wire.ended(call);
      return;
    }
    wire.endpoint().post().onComplete(fresh -> connected(fresh, credentials), this::unreachable);
  }

  /** Lets go of the connection; the call has been settled. Any thread. */
  void abort() {
    aborted = true;
    HttpClientRequest running = request;
    if (running != null) {
      running.reset();
    }
    wire.ended(call);
  }

  private void connected(HttpClientRequest fresh, Map<String, String> credentials) {
    running(fresh);
    if (!call.claim()) {
      fresh.reset();
      return;
    }
    turn.headers().forEach(fresh::putHeader);
    credentials.forEach(fresh::putHeader);
    fresh.send(Buffer.buffer(call.message())).onComplete(this::answered, _ -> lostConnection());
  }

  private void unreachable(Throwable cause) {
    if (cause instanceof ConnectionPoolTooBusyException) {
      finish(
          new RpcReply.NotSent("connector_busy", "all connections are busy and many calls wait"));
    } else {
      String why = HttpEndpoint.reason(cause);
      finish(new RpcReply.NotSent("connector_down", why));
      wire.events().retired(why);
    }
  }

  private void answered(HttpClientResponse response) {
    int status = response.statusCode();
    turn.answered(response);
    String type = type(response);
    if (status == 200 && type.startsWith("text/event-stream")) {
      new HttpEventAnswer(wire, this).read(response);
    } else if (status == 200 && type.startsWith("application/json")) {
      body(response, wire.messageBytesMax(), this::message);
    } else if (status == 200 || status == 202 || status == 204) {
      accepted(response, status);
    } else if (status == 401 || (status == 403 && response.getHeader(CHALLENGE) != null)) {
      body(response, ERROR_BODY_BYTES_MAX, _ -> unauthorized(response));
    } else {
      body(response, ERROR_BODY_BYTES_MAX, body -> turnedAway(status, body));
    }
  }

  private void accepted(HttpClientResponse response, int status) {
    response.resume();
    if (call.id() == 0) {
      finish(new RpcReply.Result(Map.of()));
    } else {
      lost("the server answered a request with HTTP " + status + " and neither JSON nor events");
    }
  }

  private void message(Buffer body) {
    receive(body.getBytes());
    lost("the answer was to another request");
  }

  /** Takes a message that came in answer. */
  void receive(byte[] text) {
    try {
      wire.events().received(Json.object(text, 0, text.length), call);
    } catch (MalformedMessageException e) {
      lost("the answer is malformed: " + e.reason());
    }
  }

  /** The server wants other credentials, and has not looked at the request. */
  private void unauthorized(HttpClientResponse response) {
    if (!call.unclaim()) {
      wire.ended(call);
    } else if (refusals++ >= REFUSALS_MAX) {
      finish(new RpcReply.NotSent(UNAUTHORIZED, refusal(response.statusCode())));
    } else {
      Refusal refusal =
          new Refusal(
              response.statusCode(),
              response.headers().getAll(CHALLENGE),
              Optional.ofNullable(response.getHeader("DPoP-Nonce")));
      Requester.with(authorization.refused(refusal), this::judged);
    }
  }

  private void judged(RequestAuthorization.Verdict verdict) {
    switch (verdict) {
      case RequestAuthorization.Verdict.Retry _ -> start();
      case RequestAuthorization.Verdict.GiveUp(String why) ->
          finish(new RpcReply.NotSent(UNAUTHORIZED, why));
    }
  }

  /** 3xx and 4xx say that the request was not taken; 5xx leaves open what happened. */
  private void turnedAway(int status, Buffer body) {
    Map<String, Object> message = Map.of();
    try {
      byte[] text = body.getBytes();
      message = Json.object(text, 0, text.length);
    } catch (MalformedMessageException e) {
      // Most error pages are not JSON; the status says enough.
    }
    if (turn.forgotten(status, Json.text(Json.object(message, "error"), "message"))) {
      finish(new RpcReply.SessionGone());
      wire.events().expired();
    } else if (message.get("id") instanceof Number || saysOfItsOwn(message)) {
      wire.events().received(message, call);
      lost("the server answered HTTP " + status);
    } else if (status >= 500) {
      lost("the server answered HTTP " + status);
    } else {
      finish(new RpcReply.NotSent(kind(status), refusal(status)));
    }
  }

  /** In the modern era an error without an id is about the one request that the POST held. */
  private boolean saysOfItsOwn(Map<String, Object> message) {
    return call.envelope().standsAlone()
        && message.get("id") == null
        && Json.object(message, "error").get("code") instanceof Number;
  }

  private void body(HttpClientResponse response, int bytesMax, Consumer<Buffer> whenComplete) {
    Buffer body = Buffer.buffer();
    response.exceptionHandler(_ -> lostConnection());
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > bytesMax) {
            lost(RpcReply.Lost.tooLongText(bytesMax));
            abort();
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(_ -> whenComplete.accept(body));
  }

  /** The connection broke. */
  void lostConnection() {
    lost("the connection broke before the answer was complete");
  }

  /** No usable answer will come. */
  void lost(String why) {
    finish(new RpcReply.Lost(why));
  }

  private void finish(RpcReply reply) {
    call.settle(reply);
    wire.ended(call);
  }

  private static Optional<AgentId> agent(PendingCall call) {
    return call.events().caller().map(caller -> caller.principal().agent());
  }

  private static String type(HttpClientResponse response) {
    String type = response.getHeader("Content-Type");
    return type == null ? "" : type.toLowerCase(Locale.ROOT);
  }

  private static String kind(int status) {
    return switch (status) {
      case 401, 403 -> UNAUTHORIZED;
      case 429 -> "upstream_throttled";
      default -> RpcReply.NotSent.REFUSED;
    };
  }

  private static String refusal(int status) {
    String answered = "the server answered HTTP " + status;
    if (status >= 300 && status < 400) {
      return answered + "; redirects are not followed, put the final url in the config";
    }
    return status == 401 || status == 403 ? answered + "; check the configured headers" : answered;
  }
}
