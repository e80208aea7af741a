package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.http.CutStream;
import dev.gatehouse.connectors.http.HttpTurn;
import dev.gatehouse.connectors.rpc.CallerEvents;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.core.registry.AgentId;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One POST within a session. Its event stream is resumed by a GET where the server lets go of it
 * early (MCP 2025-11-25, "Resumability and Redelivery").
 */
final class LegacyTurn implements HttpTurn {

  private static final Duration RESUME_DELAY = Duration.ofSeconds(1);
  private static final Duration RESUME_DELAY_MIN = Duration.ofMillis(50);
  private static final Duration RESUME_DELAY_MAX = Duration.ofSeconds(10);

  private final LegacyConversation conversation;
  private final PendingCall call;
  private boolean namesSession;
  private int resumes;

  LegacyTurn(LegacyConversation conversation, PendingCall call) {
    this.conversation = conversation;
    this.call = call;
  }

  @Override
  public Map<String, String> headers() {
    Map<String, String> headers = conversation.headers();
    namesSession = headers.containsKey(LegacyConversation.SESSION_ID);
    return headers;
  }

  @Override
  public void answered(HttpClientResponse response) {
    String sessionId = response.getHeader(LegacyConversation.SESSION_ID);
    if (sessionId != null) {
      conversation.adopt(sessionId);
    }
  }

  @Override
  public boolean forgotten(int status, String error) {
    boolean aboutSession = error.toLowerCase(Locale.ROOT).contains("session");
    return namesSession && (status == 404 || (status == 400 && aboutSession));
  }

  @Override
  public boolean resume(CutStream stream) {
    if (stream.lastEventId().isEmpty() || resumes++ >= conversation.resumesMax()) {
      return false;
    }
    long delayMillis = within(stream.retry().orElse(RESUME_DELAY)).toMillis();
    conversation.vertx().setTimer(delayMillis, _ -> reconnect(stream));
    return true;
  }

  private void reconnect(CutStream stream) {
    if (stream.wanted()) {
      conversation
          .endpoint()
          .open(HttpMethod.GET, LegacyEventStream.TYPE, agent())
          .onComplete(fresh -> reconnect(stream, fresh), _ -> stream.lostConnection());
    }
  }

  private void reconnect(CutStream stream, HttpClientRequest fresh) {
    stream.goOn(fresh);
    conversation.headers().forEach(fresh::putHeader);
    fresh.putHeader("Last-Event-ID", stream.lastEventId());
    fresh
        .send()
        .onComplete(response -> reconnected(stream, response), _ -> stream.lostConnection());
  }

  private static void reconnected(CutStream stream, HttpClientResponse response) {
    if (LegacyEventStream.answers(response)) {
      stream.goOn(response);
    } else {
      response.resume();
      stream.lost("the server does not resume the event stream: HTTP " + response.statusCode());
    }
  }

  private Optional<AgentId> agent() {
    return call.events().caller().map(CallerEvents::principal).map(principal -> principal.agent());
  }

  private static Duration within(Duration delay) {
    if (delay.compareTo(RESUME_DELAY_MIN) < 0) {
      return RESUME_DELAY_MIN;
    }
    return delay.compareTo(RESUME_DELAY_MAX) > 0 ? RESUME_DELAY_MAX : delay;
  }
}
