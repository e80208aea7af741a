package dev.gatehouse.llm.translate;

import java.time.InstantSource;
import java.util.Map;

/** The translation for clients of chat completions and upstreams of messages. */
final class ChatToMessages implements Translation {

  private final ChatRequestToMessages requests;
  private final InstantSource clock;

  ChatToMessages(long maxTokensDefault, InstantSource clock) {
    this.requests = new ChatRequestToMessages(maxTokensDefault);
    this.clock = clock;
  }

  @Override
  public byte[] request(Map<String, Object> clientRequest, String upstreamModel)
      throws UntranslatableException {
    return Json.bytes(requests.translate(RequestObject.root(clientRequest), upstreamModel));
  }

  @Override
  public Map<String, Object> response(
      Map<String, Object> clientRequest, Map<String, Object> upstreamResponse) {
    return Json.plain(
        MessageToChat.translate(
            ReplyObject.of(upstreamResponse, "reply"), clock.instant().getEpochSecond()));
  }

  @Override
  public StreamTranslator stream(Map<String, Object> clientRequest) {
    return new MessageStreamToChat(clock.instant().getEpochSecond(), usageAsked(clientRequest));
  }

  /** Whether a chat client wants the usage chunk. */
  static boolean usageAsked(Map<String, Object> clientRequest) {
    return clientRequest.get("stream_options") instanceof Map<?, ?> options
        && Boolean.TRUE.equals(options.get("include_usage"));
  }

  @Override
  public StreamTranslator stream() {
    return new MessageStreamToChat(clock.instant().getEpochSecond(), true);
  }
}
