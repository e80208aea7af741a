package dev.gatehouse.connectors.conformance;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ToolListener;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A client with a person before it, who accepts every form with its defaults, as SEP-1034 has it.
 */
final class Person implements ToolListener {

  private final Runnable beforeAnswering;

  Person() {
    this(() -> {});
  }

  Person(Runnable beforeAnswering) {
    this.beforeAnswering = beforeAnswering;
  }

  @Override
  public Map<String, Object> capabilities() {
    return Map.of("elicitation", Map.of("form", Map.of()), "sampling", Map.of(), "roots", Map.of());
  }

  @Override
  public CompletionStage<Map<String, Object>> ask(Map<String, ClientRequest> questions) {
    return CompletableFuture.supplyAsync(
        () -> {
          beforeAnswering.run();
          Map<String, Object> answers = new LinkedHashMap<>();
          questions.forEach((key, question) -> answers.put(key, answer(question)));
          return answers;
        });
  }

  private static Map<String, Object> answer(ClientRequest question) {
    return switch (question.method()) {
      case "elicitation/create" ->
          Map.of("action", "accept", "content", defaults(question.params()));
      case "sampling/createMessage" ->
          Map.of(
              "role",
              "assistant",
              "content",
              Map.of("type", "text", "text", "sampled"),
              "model",
              "none",
              "stopReason",
              "endTurn");
      default -> Map.of("roots", List.of());
    };
  }

  private static Map<String, Object> defaults(Map<String, Object> params) {
    Map<String, Object> properties =
        Json.object(Json.object(params, "requestedSchema"), "properties");
    Map<String, Object> content = new HashMap<>();
    properties
        .keySet()
        .forEach(
            name -> {
              Map<String, Object> property = Json.object(properties, name);
              if (property.containsKey("default")) {
                content.put(name, property.get("default"));
              } else if ("boolean".equals(property.get("type"))) {
                content.put(name, true);
              }
            });
    return content;
  }

  @Override
  public void progress(Map<String, Object> params) {}

  @Override
  public void message(Map<String, Object> params) {}

  @Override
  public void takesLong() {}

  @Override
  public String logLevel() {
    return "";
  }

  @Override
  public void elicitationComplete(String elicitationId) {}

  @Override
  public boolean wantsProgress() {
    return false;
  }

  @Override
  public CompletionStage<String> cancelled() {
    return new CompletableFuture<>();
  }
}
