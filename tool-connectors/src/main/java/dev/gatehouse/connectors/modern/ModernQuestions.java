package dev.gatehouse.connectors.modern;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.core.tool.ClientRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The {@code inputRequests} of a modern server, checked. */
final class ModernQuestions {

  private static final Set<String> METHODS =
      Set.of("elicitation/create", "sampling/createMessage", "roots/list");

  private ModernQuestions() {}

  static Map<String, ClientRequest> of(Map<String, Object> inputRequests, int questionsMax)
      throws MalformedMessageException {
    if (inputRequests.size() > questionsMax) {
      throw new MalformedMessageException(
          "it asked "
              + inputRequests.size()
              + " questions at once, questionsMax is "
              + questionsMax);
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
