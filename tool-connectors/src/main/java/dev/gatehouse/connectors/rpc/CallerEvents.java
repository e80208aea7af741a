package dev.gatehouse.connectors.rpc;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.tool.ToolListener;
import java.util.Map;
import java.util.Optional;

/** Hands what belongs to a call on to its caller's side. */
public record CallerEvents(Principal principal, ToolListener listener) implements RpcEvents {

  @Override
  public boolean wantsProgress() {
    return listener.wantsProgress();
  }

  @Override
  public String logLevel() {
    return listener.logLevel();
  }

  @Override
  public Map<String, Object> capabilities() {
    return listener.capabilities();
  }

  @Override
  public void progress(Map<String, Object> params) {
    listener.progress(params);
  }

  @Override
  public void message(Map<String, Object> params) {
    listener.message(params);
  }

  @Override
  public void elicitationComplete(String elicitationId) {
    listener.elicitationComplete(elicitationId);
  }

  @Override
  public Optional<CallerEvents> caller() {
    return Optional.of(this);
  }
}
