package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of a chat request as the messages protocol tells it: system texts apart, then
 * turns of user and assistant that alternate.
 *
 * <p>Tool messages become tool results of a user turn; neighbours of one role become one turn.
 * System and developer messages are gathered in front wherever they stood, since only some models
 * take them in the middle; they keep their order and their authority. Messages that say nothing are
 * left out.
 *
 * <p>Refused: a conversation that begins with the assistant, for which the messages protocol has no
 * place, and one that ends with the assistant, which the chat protocol answers with a new message
 * and the messages protocol by continuing the old one. Left out: a participant's {@code name},
 * annotations and reasoning that a client sends back without the provider's signature.
 */
final class ChatConversation {

  private static final Pattern NOT_IN_TOOL_ID = Pattern.compile("[^a-zA-Z0-9_-]");

  private final List<Map<String, @Nullable Object>> system = new ArrayList<>();
  private final List<Turn> turns = new ArrayList<>();

  /** A turn, and the path of the role of its first message in the client's request. */
  private record Turn(String role, String path, List<Map<String, @Nullable Object>> blocks) {}

  private ChatConversation() {}

  static ChatConversation read(RequestObject request) throws UntranslatableException {
    ChatConversation conversation = new ChatConversation();
    for (RequestObject message : request.objects("messages")) {
      conversation.add(message);
      message.end();
    }
    if (conversation.turns.isEmpty()) {
      throw request.refusal("messages", "must hold at least one message that says something");
    }
    refuseAssistant(conversation.turns.getFirst(), "first");
    refuseAssistant(conversation.lastTurn(), "last");
    return conversation;
  }

  private static void refuseAssistant(Turn turn, String place) throws UntranslatableException {
    if (turn.role().equals("assistant")) {
      throw new UntranslatableException(
          turn.path(), "the " + place + " message must not be the assistant's for this upstream");
    }
  }

  /** Text blocks of all system and developer messages. */
  List<Map<String, @Nullable Object>> system() {
    return system;
  }

  /** The {@code messages} of the request. */
  List<Map<String, @Nullable Object>> messages() {
    List<Map<String, @Nullable Object>> messages = new ArrayList<>(turns.size());
    for (Turn turn : turns) {
      messages.add(Json.object("role", turn.role(), "content", turn.blocks()));
    }
    return messages;
  }

  /** Whether the model goes on after tool calls of its own whose thinking is not there any more. */
  boolean continuesWithoutThinking() {
    if (turns.size() < 2 || !hasType(lastTurn().blocks().getFirst(), "tool_result")) {
      return false;
    }
    Map<String, @Nullable Object> first = turns.get(turns.size() - 2).blocks().getFirst();
    return !hasType(first, "thinking") && !hasType(first, "redacted_thinking");
  }

  private static boolean hasType(Map<String, @Nullable Object> block, String type) {
    return Objects.equals(block.get("type"), type);
  }

  private Turn lastTurn() {
    return turns.getLast();
  }

  private void add(RequestObject message) throws UntranslatableException {
    message.leaveOut("name");
    switch (message.requiredText("role")) {
      case "system", "developer" -> system.addAll(ChatContent.texts(message));
      case "user" -> append("user", message, ChatContent.blocks(message));
      case "assistant" -> append("assistant", message, assistant(message));
      case "tool" -> append("user", message, List.of(toolResult(message)));
      default -> throw message.refusal("role", "is not a role that we know");
    }
  }

  private void append(
      String role, RequestObject message, List<Map<String, @Nullable Object>> blocks) {
    if (blocks.isEmpty()) {
      return;
    }
    if (turns.isEmpty() || !lastTurn().role().equals(role)) {
      turns.add(new Turn(role, message.path("role"), new ArrayList<>()));
    }
    lastTurn().blocks().addAll(blocks);
  }

  private static List<Map<String, @Nullable Object>> assistant(RequestObject message)
      throws UntranslatableException {
    message.refuseIfPresent("audio", "the upstream's protocol has no audio");
    message.refuseIfPresent("function_call", "deprecated since 2023; use tool_calls");
    message.leaveOut("annotations", "reasoning_content", "reasoning", "parsed");
    List<Map<String, @Nullable Object>> blocks = new ArrayList<>();
    for (RequestObject thinking : message.objects("thinking_blocks")) {
      blocks.add(thinking(thinking));
    }
    blocks.addAll(ChatContent.texts(message));
    ChatContent.addText(blocks, message.text("refusal").orElse(""), Optional.empty());
    for (RequestObject call : message.objects("tool_calls")) {
      blocks.add(toolUse(call));
    }
    return blocks;
  }

  /** A block of thinking that {@link MessageToChat} gave the client and that now comes back. */
  private static Map<String, @Nullable Object> thinking(RequestObject block)
      throws UntranslatableException {
    block.leaveOut("index");
    String type = block.requiredText("type");
    Map<String, @Nullable Object> out =
        switch (type) {
          case "thinking" ->
              Json.object(
                  "type", type,
                  "thinking", block.requiredText("thinking"),
                  "signature", block.requiredText("signature"));
          case "redacted_thinking" -> Json.object("type", type, "data", block.requiredText("data"));
          default -> throw block.refusal("type", "is not a kind of thinking that we know");
        };
    block.end();
    return out;
  }

  private static Map<String, @Nullable Object> toolUse(RequestObject call)
      throws UntranslatableException {
    call.leaveOut("index");
    if (!call.text("type").orElse("function").equals("function")) {
      throw call.refusal("type", "the upstream's protocol knows function tools only");
    }
    RequestObject function = call.requiredObject("function");
    String name = function.requiredText("name");
    String arguments = function.text("arguments").orElse("");
    function.leaveOut("parsed_arguments");
    function.end();
    Map<String, @Nullable Object> out =
        Json.object("type", "tool_use", "id", toolId(call.requiredText("id")), "name", name);
    out.put("input", input(function, arguments));
    call.end();
    return out;
  }

  private static Object input(RequestObject function, String arguments)
      throws UntranslatableException {
    try {
      Object input = arguments.isBlank() ? Map.of() : Json.parse(arguments);
      if (input instanceof Map<?, ?>) {
        return input;
      }
      throw function.refusal("arguments", "must hold a JSON object, holds " + Json.kind(input));
    } catch (IllegalArgumentException e) {
      throw function.refusal("arguments", "must hold a JSON object, is " + e.getMessage());
    }
  }

  private static Map<String, @Nullable Object> toolResult(RequestObject message)
      throws UntranslatableException {
    Map<String, @Nullable Object> out =
        Json.object(
            "type", "tool_result", "tool_use_id", toolId(message.requiredText("tool_call_id")));
    Optional<Map<?, ?>> mark = CacheMark.ofChat(message);
    List<Map<String, @Nullable Object>> blocks = ChatContent.blocks(message);
    if (!blocks.isEmpty()) {
      out.put("content", blocks);
    }
    if (message.isTrue("is_error")) {
      out.put("is_error", true);
    }
    mark.ifPresent(m -> out.put("cache_control", m));
    return out;
  }

  /** The id as the messages protocol allows it: some servers write {@code functions.search:0}. */
  private static String toolId(String id) {
    return NOT_IN_TOOL_ID.matcher(id).replaceAll("_");
  }
}
