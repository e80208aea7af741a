package dev.gatehouse.mcp.conformance;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.testkit.ScriptedContexts;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The suite's prompts. */
final class PromptFixtures {

  private PromptFixtures() {}

  static void addTo(ScriptedContexts contexts) {
    add(
        contexts,
        "test_simple_prompt",
        List.of(),
        _ -> List.of(Fixtures.text("This is a simple prompt for testing.")));
    add(
        contexts,
        "test_prompt_with_arguments",
        List.of("arg1", "arg2"),
        arguments ->
            List.of(
                Fixtures.text(
                    "Prompt with arguments: arg1='%s', arg2='%s'"
                        .formatted(arguments.get("arg1"), arguments.get("arg2")))));
    add(
        contexts,
        "test_prompt_with_embedded_resource",
        List.of("resourceUri"),
        arguments ->
            List.of(
                Fixtures.resource(
                    String.valueOf(arguments.get("resourceUri")),
                    "text/plain",
                    "Embedded resource content for testing."),
                Fixtures.text("Please process the embedded resource above.")));
    add(
        contexts,
        "test_prompt_with_image",
        List.of(),
        _ -> List.of(Fixtures.image(), Fixtures.text("Please analyze the image above.")));
  }

  /** Adds a prompt without arguments again, which changes the list. */
  static void touch(ScriptedContexts contexts) {
    add(
        contexts,
        "test_simple_prompt",
        List.of(),
        _ -> List.of(Fixtures.text("This is a simple prompt for testing.")));
  }

  private static void add(
      ScriptedContexts contexts,
      String name,
      List<String> arguments,
      Function<Map<?, ?>, List<Map<String, Object>>> contents) {
    Map<String, Object> definition =
        Map.of(
            "name",
            name,
            "description",
            "Prompt " + name,
            "arguments",
            arguments.stream()
                .map(
                    argument -> Map.of("name", argument, "description", argument, "required", true))
                .toList());
    contexts.add(
        ContextKind.PROMPT,
        definition,
        (call, _) ->
            call.kindOfCall() == ContextOperation.COMPLETE
                ? Fixtures.reply(completion(call))
                : Fixtures.reply(
                    Fixtures.messages(
                        contents.apply(
                            (Map<?, ?>) call.params().getOrDefault("arguments", Map.of())))));
  }

  private static Map<String, Object> completion(ContextCall call) {
    String typed =
        call.params().get("argument") instanceof Map<?, ?> argument
            ? String.valueOf(argument.get("value"))
            : "";
    List<String> values =
        Stream.of("paris", "park", "party").filter(value -> value.startsWith(typed)).toList();
    return Map.of("completion", Map.of("values", values, "total", values.size(), "hasMore", false));
  }
}
