package dev.gatehouse.llm.translate;

import java.util.List;

/**
 * The carrying of one streamed reply from the upstream's events to the client's.
 *
 * <p>Holds the state of its stream: one instance a stream, called from one thread at a time. An
 * upstream's in-band error comes out as an in-band error of the client's protocol, after which
 * nothing more comes out.
 */
public interface StreamTranslator {

  /**
   * The client's events for the next event of the upstream; often one, sometimes none or several.
   *
   * @throws UnreadableReplyException when the event is not what the upstream's protocol promises;
   *     the state is as if the event had never come, so the caller may skip it or give the stream
   *     up
   */
  List<SseEvent> event(SseEvent upstreamEvent);

  /**
   * The client's closing events, called once when the upstream's stream ended normally.
   *
   * <p>When the upstream never said how the answer ended (no finish or stop reason came), the
   * answer is truncated and the closing event is an in-band error, never a made-up finish.
   */
  List<SseEvent> end();

  /**
   * Whether an in-band error came out, so that the answer must not count as complete: one of the
   * upstream's, or one about a stream that was truncated or broke its protocol.
   */
  boolean failed();
}
