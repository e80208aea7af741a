package dev.gatehouse.llm.translate;

import java.time.InstantSource;
import java.util.Map;

/** The translation for clients of responses and upstreams of chat completions. */
final class ResponsesToChat implements Translation {

  private final InstantSource clock;

  ResponsesToChat(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public byte[] request(Map<String, Object> clientRequest, String upstreamModel)
      throws UntranslatableException {
    return Json.bytes(
        ResponsesRequestToChat.translate(RequestObject.root(clientRequest), upstreamModel));
  }

  @Override
  public Map<String, Object> response(
      Map<String, Object> clientRequest, Map<String, Object> upstreamResponse) {
    return Json.plain(
        ChatToResponse.translate(
            clientRequest,
            ReplyObject.of(upstreamResponse, "reply"),
            clock.instant().getEpochSecond()));
  }

  @Override
  public StreamTranslator stream(Map<String, Object> clientRequest) {
    return new ChatStreamToResponse(clientRequest, clock.instant().getEpochSecond());
  }

  @Override
  public StreamTranslator stream() {
    return stream(Map.of());
  }
}
