package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.core.tool.ClientRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The {@code inputRequests} of a modern server, checked. */
final class ModernQuestions {

  /** How many questions may come at once. */
  static final int QUESTIONS_MAX = 32;

  private static final Set<String> METHODS =
      Set.of("elicitation/create", "sampling/createMessage", "roots/list");

  private ModernQuestions() {}

  static Map<String, ClientRequest> of(Map<String, Object> inputRequests)
      throws MalformedMessageException {
    if (inputRequests.size() > QUESTIONS_MAX) {
      throw new MalformedMessageException(
          "it asked " + inputRequests.size() + " questions at once, at most " + QUESTIONS_MAX);
    }
    Map<String, ClientRequest> questions = new LinkedHashMap<>();
    for (String key : inputRequests.keySet()) {
      Map<String, Object> question = Json.object(inputRequests, key);
      String method = Json.text(question, "method");
      if (!METHODS.contains(method)) {
        throw new MalformedMessageException("it asked for something that MCP has no question for");
      }
      questions.put(key, new ClientRequest(method, Json.object(question, "params")));
    }
    return questions;
  }
}
