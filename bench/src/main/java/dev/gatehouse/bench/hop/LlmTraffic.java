package dev.gatehouse.bench.hop;

import dev.gatehouse.bench.load.RequestTemplate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A chat request of about one KiB.
 *
 * @param anthropic whether it goes to {@code /v1/messages} rather than {@code /v1/chat/completions}
 * @param streaming whether it asks for a stream
 */
record LlmTraffic(boolean anthropic, boolean streaming) implements Traffic {

  private static final String INSTRUCTIONS =
      "You help the on-call engineer of a payments platform. Answer in two sentences, name the "
          + "system that you looked at, and say so when you did not find anything. Never guess at "
          + "the cause of an incident; list what is known, in the order in which it happened. ";
  private static final String QUESTION =
      "Ticket 48213 says that settlement files of the last two nights arrived forty minutes late. "
          + "The batch host was patched on Monday, the queue was moved to the new cluster on "
          + "Tuesday, and the partner changed its key on Wednesday. Which of these came before the "
          + "first late file, and who owns the system in question? Earlier answers in this thread "
          + "said that the queue was drained by hand at 02:10 and again at 02:25. ";

  @Override
  public String marker() {
    if (!streaming) {
      return "the same each time";
    }
    return anthropic ? "\"message_stop\"" : "[DONE]";
  }

  @Override
  public boolean streamed() {
    return streaming;
  }

  @Override
  public List<RequestTemplate> requests(Hop hop, int connections) {
    String path = anthropic ? "/v1/messages" : "/v1/chat/completions";
    Map<String, String> headers =
        anthropic
            ? Map.of("x-api-key", hop.key(), "anthropic-version", "2023-06-01")
            : Map.of("authorization", "Bearer " + hop.key());
    return IntStream.range(0, connections)
        .mapToObj(_ -> RequestTemplate.post(path, headers, body()))
        .toList();
  }

  private String body() {
    String common =
        "{\"model\":\"bench-1\",\"max_tokens\":256,\"stream\":" + streaming + ",\"messages\":[";
    String user = "{\"role\":\"user\",\"content\":\"" + QUESTION + "\"}]";
    return anthropic
        ? common + user + ",\"system\":\"" + INSTRUCTIONS + "\"}"
        : common + "{\"role\":\"system\",\"content\":\"" + INSTRUCTIONS + "\"}," + user + "}";
  }
}
