package dev.gatehouse.connectors.legacy;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.rpc.CallerEvents;
import dev.gatehouse.connectors.rpc.PendingCall;
import dev.gatehouse.connectors.rpc.RpcMessages;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.connectors.rpc.RpcSession;
import dev.gatehouse.connectors.rpc.ServerRequests;
import java.util.Map;
import java.util.Optional;

/** What the server of one legacy session asks: pings, and questions to callers. */
final class LegacyRequests implements ServerRequests {

  private final RpcSession session;
  private final UrlElicitations elicitations;
  private final Questions questions;

  LegacyRequests(McpServerConfig config, RpcSession session) {
    this.session = session;
    this.elicitations = new UrlElicitations(config.limits().flow().elicitationsMax());
    this.questions = new Questions(config, session::answer, elicitations);
  }

  @Override
  public boolean asked(
      Object id, String method, Map<String, Object> params, Optional<PendingCall> exchange) {
    if (method.equals("ping")) {
      session.answer(RpcMessages.result(id, Map.of()));
    } else if (exchange.isPresent()) {
      questions.asked(id, method, params, exchange.get());
    } else {
      questions.asked(id, method, params, session.running());
    }
    return true;
  }

  @Override
  public void withdrawn(Object id) {
    questions.withdrawn(id);
  }

  @Override
  public void givenUp(PendingCall call) {
    questions.givenUp(call);
  }

  @Override
  public void answeredLate(long id) {
    questions.answeredLate(id);
  }

  @Override
  public void refused(RpcReply.RpcError error, CallerEvents caller) {
    elicitations.refused(error, caller);
  }

  @Override
  public void elicitationComplete(String elicitationId) {
    elicitations.complete(elicitationId);
  }
}
