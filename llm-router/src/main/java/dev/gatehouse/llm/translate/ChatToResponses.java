package dev.gatehouse.llm.translate;

import java.time.InstantSource;
import java.util.Map;

/** The translation for clients of chat completions and upstreams of responses. */
final class ChatToResponses implements Translation {

  private final InstantSource clock;

  ChatToResponses(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public byte[] request(Map<String, Object> clientRequest, String upstreamModel)
      throws UntranslatableException {
    return Json.bytes(
        ChatRequestToResponses.translate(RequestObject.root(clientRequest), upstreamModel));
  }

  @Override
  public Map<String, Object> response(
      Map<String, Object> clientRequest, Map<String, Object> upstreamResponse) {
    return Json.plain(
        ResponseToChat.translate(
            ReplyObject.of(upstreamResponse, "reply"), clock.instant().getEpochSecond()));
  }

  @Override
  public StreamTranslator stream(Map<String, Object> clientRequest) {
    return new ResponseStreamToChat(
        clock.instant().getEpochSecond(), ChatToMessages.usageAsked(clientRequest));
  }

  @Override
  public StreamTranslator stream() {
    return new ResponseStreamToChat(clock.instant().getEpochSecond(), true);
  }
}
