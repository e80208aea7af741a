package dev.gatehouse.core.call;

/** What can be asked of a resource or a prompt. All of them read. */
public enum ContextOperation {
  READ_RESOURCE("resources/read"),
  SUBSCRIBE("resources/subscribe"),
  GET_PROMPT("prompts/get"),
  COMPLETE("completion/complete");

  private final String method;

  ContextOperation(String method) {
    this.method = method;
  }

  /** Its MCP method, which is also its name in rows. */
  public String method() {
    return method;
  }
}
