package dev.gatehouse.gateway;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.registry.token.TokenReply;
import dev.gatehouse.registry.token.TokenReply.Issued;
import dev.gatehouse.registry.token.TokenService;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What OAuth clients and servers ask for: the documents under {@code /.well-known/} and the token
 * endpoint, of which there is nothing while only static keys are taken; and the documents by which
 * upstreams' authorization servers know the gateway as a client. Lives on one event loop.
 */
final class AuthRoutes {

  /** Longest token request. */
  static final int FORM_BYTES_MAX = 16 * 1024;

  private static final String TOKEN = "/oauth/token";
  private static final String AUTHORIZE = "/oauth/authorize";
  private static final String FORM = "application/x-www-form-urlencoded";

  /** How long a token request may take to arrive. */
  private static final long FORM_TIMEOUT_MS = 10_000;

  private final TokenService tokens;
  private final Function<String, Optional<String>> clientMetadata;
  private final AuditLog audit;
  private final Vertx vertx;
  private final Context loop;

  /**
   * @param clientMetadata the client-id metadata documents, by their paths
   */
  AuthRoutes(
      TokenService tokens,
      Function<String, Optional<String>> clientMetadata,
      AuditLog audit,
      Vertx vertx) {
    this.tokens = tokens;
    this.clientMetadata = clientMetadata;
    this.audit = audit;
    this.vertx = vertx;
    loop = vertx.getOrCreateContext();
  }

  /** Answers the request if it is one for these; says whether it is. */
  boolean handle(HttpServerRequest request, String path) {
    return token(request, path) || document(request, path);
  }

  private boolean document(HttpServerRequest request, String path) {
    Optional<String> own =
        path.startsWith("/.well-known/") ? tokens.document(path) : Optional.empty();
    Optional<String> document = own.or(() -> clientMetadata.apply(path));
    document.ifPresent(json -> send(request, json));
    return document.isPresent();
  }

  private boolean token(HttpServerRequest request, String path) {
    if (!path.startsWith("/oauth/") || !tokens.issues()) {
      return false;
    }
    return switch (path) {
      case TOKEN -> {
        token(request);
        yield true;
      }
      case AUTHORIZE -> {
        error(request, 400, "unsupported_response_type", "agents come with client credentials");
        yield true;
      }
      default -> false;
    };
  }

  private static void send(HttpServerRequest request, String json) {
    if (!request.method().equals(HttpMethod.GET)) {
      request.response().putHeader(HttpHeaders.ALLOW, "GET");
      error(request, 405, "invalid_request", "this is read with GET");
      return;
    }
    var _ =
        request
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=60")
            .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
            .end(json);
  }

  private void token(HttpServerRequest request) {
    List<String> type = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
    if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      error(request, 405, "invalid_request", "tokens are asked for with POST");
    } else if (type.size() != 1
        || !type.getFirst().split(";", 2)[0].strip().equalsIgnoreCase(FORM)) {
      error(request, 400, "invalid_request", "Content-Type must be " + FORM);
    } else {
      Optional<TokenReply> refused = tokens.crowded(network(request));
      if (refused.isPresent()) {
        drop(request);
        send(request, refused.get());
      } else {
        read(request);
      }
    }
  }

  /** Nobody has one IPv6 address only: the first 64 bits are who comes. */
  private static String network(HttpServerRequest request) {
    String address = request.remoteAddress().hostAddress();
    try {
      byte[] bytes = address == null ? new byte[0] : InetAddress.ofLiteral(address).getAddress();
      return HexFormat.of().formatHex(bytes, 0, bytes.length == 16 ? 8 : bytes.length);
    } catch (IllegalArgumentException e) {
      return ""; // not an address: all such share one count
    }
  }

  private static void drop(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private void read(HttpServerRequest request) {
    Buffer form = Buffer.buffer();
    long late =
        vertx.setTimer(
            FORM_TIMEOUT_MS,
            _ -> {
              var _ = request.connection().close();
            });
    request.exceptionHandler(_ -> vertx.cancelTimer(late));
    request.handler(
        chunk -> {
          if (form.length() <= FORM_BYTES_MAX) {
            form.appendBuffer(chunk);
            if (form.length() > FORM_BYTES_MAX) {
              vertx.cancelTimer(late);
              error(
                  request, 413, "invalid_request", "at most " + FORM_BYTES_MAX + " bytes are read");
            }
          }
        });
    request.endHandler(
        _ -> {
          if (vertx.cancelTimer(late) && !request.response().ended()) {
            answer(
                request,
                tokens.token(
                    request.getHeader(HttpHeaders.AUTHORIZATION),
                    form.toString(StandardCharsets.UTF_8)));
          }
        });
  }

  /** A token is handed out when it is on record that it is. */
  private void answer(HttpServerRequest request, TokenReply reply) {
    if (reply.issued().isEmpty()) {
      send(request, reply);
      return;
    }
    CompletionStage<AuditReceipt> recorded;
    try {
      recorded = audit.append(row(reply.issued().get()));
    } catch (AuditUnavailableException e) {
      unrecorded(request);
      return;
    }
    recorded.whenComplete(
        (receipt, _) ->
            loop.runOnContext(
                _ -> {
                  if (receipt == null) {
                    unrecorded(request);
                  } else {
                    send(request, reply);
                  }
                }));
  }

  private static AuditRow row(Issued issued) {
    Map<String, Object> row = new HashMap<>();
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", "token.issued");
    row.put("agent", issued.agent());
    row.put("credential", issued.credentialId());
    row.put("for_credential", issued.keyId());
    row.put("expires_at_ms", issued.expires().toEpochMilli());
    if (!issued.scope().isEmpty()) {
      row.put("token_scopes", List.of(issued.scope().split(" ", -1)));
    }
    return new AuditRow(row);
  }

  private static void unrecorded(HttpServerRequest request) {
    error(request, 503, "temporarily_unavailable", "the audit log takes no rows");
  }

  private static void error(HttpServerRequest request, int status, String code, String text) {
    drop(request);
    end(
        request.response().setStatusCode(status),
        "{\"error\":\"" + code + "\",\"error_description\":\"" + text + "\"}");
  }

  private static void send(HttpServerRequest request, TokenReply reply) {
    HttpServerResponse response = request.response().setStatusCode(reply.status());
    if (!reply.challenge().isEmpty()) {
      response.putHeader("www-authenticate", reply.challenge());
    }
    reply
        .retryAfter()
        .ifPresent(
            wait ->
                response.putHeader(
                    "retry-after", Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()))));
    end(response, reply.json());
  }

  private static void end(HttpServerResponse response, String json) {
    if (!response.ended() && !response.closed()) {
      var _ =
          response
              .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
              .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
              .end(json);
    }
  }
}
