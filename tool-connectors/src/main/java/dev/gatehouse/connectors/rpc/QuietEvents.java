package dev.gatehouse.connectors.rpc;

import java.util.Map;

/** Wants to hear nothing; what a subclass overrides is all that it takes part in. */
public class QuietEvents implements RpcEvents {

  /** Hears nothing, wants nothing, can do nothing: of a request of the connector itself. */
  public static final RpcEvents NONE = new QuietEvents(Map.of());

  private final Map<String, Object> capabilities;

  /**
   * @param capabilities what the caller can do nevertheless
   */
  public QuietEvents(Map<String, Object> capabilities) {
    this.capabilities = capabilities;
  }

  @Override
  public final boolean wantsProgress() {
    return false;
  }

  @Override
  public final String logLevel() {
    return "";
  }

  @Override
  public final Map<String, Object> capabilities() {
    return capabilities;
  }

  @Override
  public final void progress(Map<String, Object> params) {}

  @Override
  public final void message(Map<String, Object> params) {}
}
