package dev.gatehouse.llm.translate;

import java.util.Map;

/** The translation for clients of messages and upstreams of chat completions. */
final class MessagesToChat implements Translation {

  @Override
  public byte[] request(Map<String, Object> clientRequest, String upstreamModel)
      throws UntranslatableException {
    return Json.bytes(
        MessagesRequestToChat.translate(RequestObject.root(clientRequest), upstreamModel));
  }

  @Override
  public Map<String, Object> response(
      Map<String, Object> clientRequest, Map<String, Object> upstreamResponse) {
    return Json.plain(ChatToMessage.translate(ReplyObject.of(upstreamResponse, "reply")));
  }

  @Override
  public StreamTranslator stream(Map<String, Object> clientRequest) {
    return stream();
  }

  @Override
  public StreamTranslator stream() {
    return new ChatStreamToMessage();
  }
}
