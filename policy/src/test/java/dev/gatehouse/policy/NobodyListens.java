package dev.gatehouse.policy;

import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The caller of a tool that is to work without its caller, and fails when it turns to it. */
public final class NobodyListens implements ToolListener {

  private static AssertionError asked(String what) {
    return new AssertionError("the tool turned to its caller: " + what);
  }

  @Override
  public void progress(Map<String, Object> params) {
    throw asked("progress");
  }

  @Override
  public void message(Map<String, Object> params) {
    throw asked("message");
  }

  @Override
  public String logLevel() {
    throw asked("logLevel");
  }

  @Override
  public Map<String, Object> capabilities() {
    throw asked("capabilities");
  }

  @Override
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions) {
    throw asked("ask");
  }

  @Override
  public void takesLong() {
    throw asked("takesLong");
  }

  @Override
  public void elicitationComplete(String elicitationId) {
    throw asked("elicitationComplete");
  }

  @Override
  public boolean wantsProgress() {
    throw asked("wantsProgress");
  }

  @Override
  public CompletionStage<String> cancelled() {
    throw asked("cancelled");
  }
}
