package dev.gatehouse.mcp.conformance;

import static dev.gatehouse.core.call.OperationType.READ;

import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.outcome.Evidence.ToolEvidence;
import dev.gatehouse.core.outcome.Outcome;
import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import dev.gatehouse.core.tool.ReplyError;
import dev.gatehouse.core.tool.ToolListener;
import dev.gatehouse.core.tool.ToolReply;
import dev.gatehouse.testkit.ScriptedConnector;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The suite's tools and the prompt that ask their client something. */
final class AskingFixtures {

  private static final ClientRequest NAME = form("What is your name?", "name", "string");
  private static final ClientRequest CAPITAL = sampling("What is the capital of France?", 100);
  private static final ClientRequest ROOTS = new ClientRequest("roots/list", Map.of());

  private AskingFixtures() {}

  static void addTo(ScriptedConnector tools) {
    addStreamed(tools);
    asking(tools, "test_input_required_result_elicitation", Map.of("user_name", NAME));
    asking(tools, "test_input_required_result_sampling", Map.of("capital_question", CAPITAL));
    asking(tools, "test_input_required_result_list_roots", Map.of("client_roots", ROOTS));
    Map<String, ClientRequest> confirm = Map.of("confirm", form("Please confirm", "ok", "boolean"));
    asking(tools, "test_input_required_result_request_state", confirm);
    asking(tools, "test_input_required_result_tampered_state", confirm);
    Map<String, ClientRequest> three = new LinkedHashMap<>();
    three.put("user_name", NAME);
    three.put("greeting", sampling("Generate a greeting", 50));
    three.put("client_roots", ROOTS);
    asking(tools, "test_input_required_result_multiple_inputs", three);
    tools.tool(
        "test_input_required_result_multi_round",
        READ,
        (_, listener) ->
            listener
                .ask(Map.of("step1", form("Step 1: What is your name?", "name", "string")))
                .thenCompose(
                    _ ->
                        listener.ask(
                            Map.of(
                                "step2",
                                form("Step 2: What is your favorite color?", "color", "string"))))
                .handle(AskingFixtures::settled));
    tools.tool(
        "test_input_required_result_capabilities",
        READ,
        (_, listener) -> {
          Map<String, ClientRequest> possible = new LinkedHashMap<>();
          if (listener.capabilities().containsKey("elicitation")) {
            possible.put("user_name", NAME);
          }
          if (listener.capabilities().containsKey("sampling")) {
            possible.put("capital_question", CAPITAL);
          }
          return listener.ask(possible).handle(AskingFixtures::settled);
        });
    tools
        .contexts()
        .add(
            ContextKind.PROMPT,
            Map.of("name", "test_input_required_result_prompt", "description", "Asks for context"),
            (_, listener) ->
                listener
                    .ask(
                        Map.of(
                            "user_context",
                            form("What context should the prompt use?", "context", "string")))
                    .handle(
                        (answers, error) ->
                            answers == null
                                ? refused(error)
                                : ScriptedConnector.completed(
                                    Fixtures.tree(
                                        """
                                        {"messages": [{"role": "user", "content":
                                          {"type": "text", "text": "With that context."}}]}\
                                        """))));
  }

  /** What earlier revisions ask by requests of the server. */
  private static void addStreamed(ScriptedConnector tools) {
    tools.tool(
        "test_sampling",
        READ,
        (call, listener) ->
            asked(
                listener,
                sampling(String.valueOf(call.arguments().get("prompt")), 100),
                answer -> "LLM response: " + answer.get("content")));
    tools.tool(
        "test_elicitation",
        READ,
        (call, listener) ->
            asked(
                listener,
                new ClientRequest(
                    "elicitation/create",
                    Map.of(
                        "message",
                        String.valueOf(call.arguments().get("message")),
                        "requestedSchema",
                        Fixtures.tree(
                            """
                            {"type": "object", "properties": {
                               "username": {"type": "string", "description": "User's response"},
                               "email": {"type": "string", "description": "User's email"}},
                             "required": ["username", "email"]}\
                            """))),
                answer -> "User response: " + answer));
    tools.tool("test_elicitation_sep1034_defaults", READ, elicited(DEFAULTS));
    tools.tool("test_elicitation_sep1330_enums", READ, elicited(ENUMS));
  }

  private static final String DEFAULTS =
      """
      {"type": "object", "required": [], "properties": {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"],
                   "default": "active"},
        "verified": {"type": "boolean", "default": true}}}\
      """;

  private static final String ENUMS =
      """
      {"type": "object", "required": [], "properties": {
        "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
        "titledSingle": {"type": "string", "oneOf": [
          {"const": "value1", "title": "First Option"},
          {"const": "value2", "title": "Second Option"},
          {"const": "value3", "title": "Third Option"}]},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"],
          "enumNames": ["Option One", "Option Two", "Option Three"]},
        "untitledMulti": {"type": "array", "items": {
          "type": "string", "enum": ["option1", "option2", "option3"]}},
        "titledMulti": {"type": "array", "items": {"anyOf": [
          {"const": "value1", "title": "First Choice"},
          {"const": "value2", "title": "Second Choice"},
          {"const": "value3", "title": "Third Choice"}]}}}}\
      """;

  private static ScriptedConnector.Script elicited(String schema) {
    ClientRequest question =
        new ClientRequest(
            "elicitation/create",
            Map.of("message", "Please fill in", "requestedSchema", Fixtures.tree(schema)));
    return (_, listener) ->
        asked(
            listener,
            question,
            answer ->
                "Elicitation completed: action="
                    + answer.get("action")
                    + ", content="
                    + answer.get("content"));
  }

  private static CompletionStage<ToolReply> asked(
      ToolListener listener, ClientRequest question, Function<Map<?, ?>, String> told) {
    return listener
        .ask(Map.of("q", question))
        .handle(
            (answers, error) ->
                answers == null
                    ? refused(error)
                    : ScriptedConnector.completed(
                        told.apply((Map<?, ?>) Objects.requireNonNull(answers.get("q")))));
  }

  private static void asking(
      ScriptedConnector tools, String name, Map<String, ClientRequest> questions) {
    tools.tool(
        name, READ, (_, listener) -> listener.ask(questions).handle(AskingFixtures::settled));
  }

  private static ToolReply settled(Map<String, Object> answers, Throwable error) {
    return answers == null
        ? refused(error)
        : ScriptedConnector.completed("state-ok: " + answers.keySet());
  }

  /** What an upstream says to a client that does not answer. */
  static ToolReply refused(Throwable error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    ReplyError reply =
        cause instanceof ClientRefusedException refused
            ? new ReplyError(
                refused.code(),
                String.valueOf(refused.getMessage()),
                refused.requiredCapabilities().isEmpty()
                    ? null
                    : Map.of("requiredCapabilities", refused.requiredCapabilities()))
            : new ReplyError(-32603, cause.toString(), null);
    return failed(reply);
  }

  static ToolReply failed(ReplyError error) {
    return new ToolReply(
        new Outcome.Failed(
            "upstream_error",
            error.message(),
            new ToolEvidence(Duration.ZERO, true, 0, Optional.empty())),
        Map.of(),
        Optional.of(error));
  }

  static ClientRequest form(String message, String field, String type) {
    return new ClientRequest(
        "elicitation/create",
        Map.of(
            "message",
            message,
            "requestedSchema",
            Fixtures.tree(
                """
                {"type": "object", "properties": {"%s": {"type": "%s"}}, "required": ["%s"]}\
                """
                    .formatted(field, type, field))));
  }

  private static ClientRequest sampling(String text, int tokens) {
    return new ClientRequest(
        "sampling/createMessage",
        Fixtures.tree(
            """
            {"messages": [{"role": "user", "content": {"type": "text", "text": "%s"}}],
             "maxTokens": %d}\
            """
                .formatted(text, tokens)));
  }
}
