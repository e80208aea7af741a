package dev.gatehouse.core.tool;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The caller's side of a running call. Methods may be called on any thread and return at once. */
public interface ToolListener {

  /**
   * A {@code notifications/progress} from the tool: its params as a plain JSON tree, without the
   * progress token.
   */
  void progress(Map<String, Object> params);

  /** A {@code notifications/message} from the tool: its params as a plain JSON tree. */
  void message(Map<String, Object> params);

  /**
   * The least severe level of {@link #message}s that the client asked for, as MCP names levels;
   * empty when it asked for none.
   */
  String logLevel();

  /**
   * What the client declared that it can do, as an MCP {@code ClientCapabilities} tree; empty when
   * it declared nothing.
   */
  Map<String, Object> capabilities();

  /**
   * Puts questions of the upstream to the client, under keys that the upstream chose, and brings
   * the answers under the same keys: an {@code ElicitResult}, {@code CreateMessageResult} or {@code
   * ListRootsResult} each. How they travel depends on the client's era. Fails with {@link
   * ClientRefusedException} when any of them is not answered.
   */
  CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions);

  /**
   * The upstream took the call for a task that may take long; a client that knows tasks gets one,
   * any other goes on waiting.
   */
  void takesLong();

  /**
   * The upstream says that something that it had a person do at a URL is done, as {@code
   * notifications/elicitation/complete} of MCP 2025-11-25; may come after the call's end. A client
   * of another revision is not told.
   *
   * @param elicitationId as the upstream named it when it asked
   */
  void elicitationComplete(String elicitationId);

  /** Whether the caller wants progress; a connector asks the upstream for it only then. */
  boolean wantsProgress();

  /**
   * Completes, with the reason, when the caller cancels; the connector then cancels upstream. Never
   * completes otherwise.
   */
  CompletionStage<String> cancelled();
}
