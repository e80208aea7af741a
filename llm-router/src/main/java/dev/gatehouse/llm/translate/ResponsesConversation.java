package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code instructions} and {@code input} of a request for a response, as the chat protocol
 * tells them.
 *
 * <p>Calls join the assistant's message that they belong to. Images and files of a call's output,
 * which a tool message cannot hold, follow in a user message that says where they are from.
 * Reasoning is left out, sealed by and for the provider that thought it; only what {@link
 * SealedThinking} brought to the client comes back.
 *
 * <p>Refused: files by id or URL, images by id, and items of tools that OpenAI runs.
 */
final class ResponsesConversation {

  private final List<Map<String, @Nullable Object>> out = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> attachments = new ArrayList<>();
  private List<Object> thinking = List.of();

  private ResponsesConversation() {}

  static List<Map<String, @Nullable Object>> read(RequestObject request)
      throws UntranslatableException {
    ResponsesConversation conversation = new ResponsesConversation();
    request
        .text("instructions")
        .filter(text -> !text.isBlank())
        .ifPresent(text -> conversation.out.add(Json.object("role", "system", "content", text)));
    if (request.value("input").orElse("") instanceof String text) {
      if (!text.isEmpty()) {
        conversation.out.add(Json.object("role", "user", "content", text));
      }
    } else {
      for (RequestObject item : request.objects("input")) {
        conversation.add(item);
        item.end();
      }
      conversation.attach();
    }
    if (conversation.out.stream().allMatch(m -> "system".equals(m.get("role")))) {
      throw request.refusal("input", "must hold at least one message that says something");
    }
    return conversation.out;
  }

  private void add(RequestObject item) throws UntranslatableException {
    item.leaveOut("id", "status", "phase");
    String type = item.text("type").orElse("message");
    if (!type.equals("function_call_output")) {
      attach();
    }
    switch (type) {
      case "message" -> message(item);
      case "function_call" -> call(item);
      case "function_call_output" -> output(item);
      case "reasoning" -> {
        item.leaveOut("summary", "content");
        thinking = SealedThinking.open(item.text("encrypted_content").orElse(""));
      }
      default -> throw item.refusal("type", "the upstream's protocol has no such item");
    }
  }

  private void message(RequestObject item) throws UntranslatableException {
    String role = item.requiredText("role");
    List<Map<String, @Nullable Object>> parts = parts(item, "content");
    switch (role) {
      case "user", "system", "developer" -> {
        if (!parts.isEmpty()) {
          out.add(Json.object("role", role, "content", MessagesContent.shortest(parts)));
        }
      }
      case "assistant" -> {
        Map<String, @Nullable Object> message = assistant();
        if (!parts.isEmpty()) {
          message.put("content", MessagesContent.shortest(parts));
        }
        out.add(message);
      }
      default -> throw item.refusal("role", "is not a role that we know");
    }
  }

  /** A new message of the assistant, with the thinking that came before it. */
  private Map<String, @Nullable Object> assistant() {
    Map<String, @Nullable Object> message = Json.object("role", "assistant", "content", null);
    if (!thinking.isEmpty()) {
      message.put("thinking_blocks", thinking);
      thinking = List.of();
    }
    return message;
  }

  @SuppressWarnings("unchecked")
  private void call(RequestObject item) throws UntranslatableException {
    Optional<RequestObject> caller = item.object("caller");
    if (caller.isPresent() && !caller.get().requiredText("type").equals("direct")) {
      throw item.refusal("caller", "the upstream's model calls tools directly only");
    }
    Map<String, @Nullable Object> call =
        Json.object(
            "id", item.requiredText("call_id"),
            "type", "function",
            "function",
                Json.object(
                    "name",
                    item.requiredText("name"),
                    "arguments",
                    item.text("arguments").orElse("")));
    if (out.isEmpty() || !"assistant".equals(out.getLast().get("role")) || !thinking.isEmpty()) {
      out.add(assistant());
    }
    Object calls =
        Objects.requireNonNull(
            out.getLast().computeIfAbsent("tool_calls", _ -> new ArrayList<Object>()));
    ((List<Object>) calls).add(call);
  }

  private void output(RequestObject item) throws UntranslatableException {
    String id = item.requiredText("call_id");
    item.leaveOut("name", "caller");
    List<Map<String, @Nullable Object>> texts = new ArrayList<>();
    List<Map<String, @Nullable Object>> others = new ArrayList<>();
    for (Map<String, @Nullable Object> part : parts(item, "output")) {
      ("text".equals(part.get("type")) ? texts : others).add(part);
    }
    if (!others.isEmpty()) {
      attachments.add(MessagesContent.text("Attached to the result of tool call " + id + ":"));
      attachments.addAll(others);
      if (texts.isEmpty()) {
        texts.add(MessagesContent.text("The result is attached to the next user message."));
      }
    }
    Object said = texts.isEmpty() ? "" : MessagesContent.shortest(texts);
    out.add(Json.object("role", "tool", "tool_call_id", id, "content", said));
  }

  /** Tool messages must follow their calls at once, so what is attached waits for the last. */
  private void attach() {
    if (!attachments.isEmpty()) {
      out.add(Json.object("role", "user", "content", List.copyOf(attachments)));
      attachments.clear();
    }
  }

  private static List<Map<String, @Nullable Object>> parts(RequestObject item, String name)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> parts = new ArrayList<>();
    if (item.value(name).orElse(List.of()) instanceof String text) {
      if (!text.isEmpty()) {
        parts.add(MessagesContent.text(text));
      }
      return parts;
    }
    for (RequestObject part : item.objects(name)) {
      Map<String, @Nullable Object> made = part(part);
      part.value("prompt_cache_breakpoint")
          .ifPresent(mark -> made.put("prompt_cache_breakpoint", mark));
      part.end();
      parts.add(made);
    }
    return parts;
  }

  private static Map<String, @Nullable Object> part(RequestObject part)
      throws UntranslatableException {
    return switch (part.requiredText("type")) {
      case "input_text" -> MessagesContent.text(part.requiredText("text"));
      case "output_text" -> {
        part.leaveOut("annotations", "logprobs");
        yield MessagesContent.text(part.requiredText("text"));
      }
      case "refusal" -> Json.object("type", "refusal", "refusal", part.requiredText("refusal"));
      case "input_image" -> image(part);
      case "input_file" -> file(part);
      case "input_audio" ->
          Json.object("type", "input_audio", "input_audio", tree(part, "input_audio"));
      default -> throw part.refusal("type", "the upstream's protocol has no such content");
    };
  }

  private static Object tree(RequestObject part, String name) throws UntranslatableException {
    return part.tree(name).orElseThrow(() -> part.refusal(name, "is required"));
  }

  private static Map<String, @Nullable Object> image(RequestObject part)
      throws UntranslatableException {
    part.refuseIfPresent("file_id", "names a file that only OpenAI can open; send image_url");
    Map<String, @Nullable Object> image = Json.object("url", part.requiredText("image_url"));
    part.text("detail").ifPresent(detail -> image.put("detail", detail));
    return Json.object("type", "image_url", "image_url", image);
  }

  private static Map<String, @Nullable Object> file(RequestObject part)
      throws UntranslatableException {
    part.refuseIfPresent("file_id", "names a file that only OpenAI can open; send file_data");
    part.refuseIfPresent("file_url", "the upstream takes files by value only; send file_data");
    part.leaveOut("detail");
    Map<String, @Nullable Object> file = Json.object();
    part.text("filename").ifPresent(name -> file.put("filename", name));
    file.put("file_data", part.requiredText("file_data"));
    return Json.object("type", "file", "file", file);
  }
}
