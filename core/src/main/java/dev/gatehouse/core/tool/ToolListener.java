package dev.gatehouse.core.tool;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The caller's side of a running tool call. Methods may be called on any thread and return at once.
 */
public interface ToolListener {

  /**
   * A {@code notifications/progress} from the tool: its params as a plain JSON tree, without the
   * progress token.
   */
  void progress(Map<String, Object> params);

  /** A {@code notifications/message} from the tool: its params as a plain JSON tree. */
  void message(Map<String, Object> params);

  /** Whether the caller wants progress; a connector asks the upstream for it only then. */
  boolean wantsProgress();

  /**
   * Completes, with the reason, when the caller cancels; the connector then cancels upstream. Never
   * completes otherwise.
   */
  CompletionStage<String> cancelled();
}
