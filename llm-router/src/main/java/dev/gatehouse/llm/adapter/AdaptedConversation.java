package dev.gatehouse.llm.adapter;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.translate.RequestObject;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The messages of a chat request in LangChain4j's words.
 *
 * <p>System and developer messages are gathered in one in front, since some of these APIs have one
 * place for them. Files are PDFs, and go to Gemini and Bedrock only. Reasoning of earlier turns is
 * left out.
 */
final class AdaptedConversation {

  private final ProviderType type;
  private final List<String> system = new ArrayList<>();
  private final List<ChatMessage> messages = new ArrayList<>();
  private final Map<String, String> toolById = new HashMap<>();

  private AdaptedConversation(ProviderType type) {
    this.type = type;
  }

  static List<ChatMessage> read(RequestObject request, ProviderType type)
      throws UntranslatableException {
    AdaptedConversation conversation = new AdaptedConversation(type);
    for (RequestObject message : request.objects("messages")) {
      conversation.add(message);
      message.end();
    }
    if (conversation.messages.isEmpty()) {
      throw request.refusal("messages", "must hold at least one message that says something");
    }
    if (!conversation.system.isEmpty()) {
      conversation.messages.addFirst(SystemMessage.from(String.join("\n\n", conversation.system)));
    }
    return conversation.messages;
  }

  private void add(RequestObject message) throws UntranslatableException {
    message.leaveOut("name", "index", "annotations", "parsed");
    message.leaveOut("reasoning_content", "reasoning", "thinking_blocks");
    switch (message.requiredText("role")) {
      case "system", "developer" -> {
        String text = text(message);
        if (!text.isBlank()) {
          system.add(text);
        }
      }
      case "user" -> {
        List<Content> contents = contents(message);
        if (!contents.isEmpty()) {
          messages.add(UserMessage.from(contents));
        }
      }
      case "assistant" -> assistant(message);
      case "tool" -> {
        String id = message.requiredText("tool_call_id");
        String name = toolById.get(id);
        if (name == null) {
          throw message.refusal("tool_call_id", "answers no tool call of this conversation");
        }
        messages.add(ToolExecutionResultMessage.from(id, name, text(message)));
      }
      default -> throw message.refusal("role", "is not a role that we know");
    }
  }

  private void assistant(RequestObject message) throws UntranslatableException {
    message.refuseIfPresent("audio", "this upstream has no audio");
    message.refuseIfPresent("function_call", "deprecated since 2023; use tool_calls");
    String text = text(message) + message.text("refusal").orElse("");
    List<ToolExecutionRequest> calls = new ArrayList<>();
    for (RequestObject call : message.objects("tool_calls")) {
      call.leaveOut("index");
      if (!call.text("type").orElse("function").equals("function")) {
        throw call.refusal("type", "this upstream knows function tools only");
      }
      RequestObject function = call.requiredObject("function");
      function.leaveOut("parsed_arguments");
      String id = call.requiredText("id");
      String name = function.requiredText("name");
      String arguments = function.text("arguments").orElse("");
      toolById.put(id, name);
      calls.add(
          ToolExecutionRequest.builder()
              .id(id)
              .name(name)
              .arguments(arguments.isBlank() ? "{}" : arguments)
              .build());
      function.end();
      call.end();
    }
    if (text.isEmpty() && calls.isEmpty()) {
      return;
    }
    AiMessage.Builder out = AiMessage.builder();
    if (!text.isEmpty()) {
      out.text(text);
    }
    messages.add(out.toolExecutionRequests(calls).build());
  }

  private String text(RequestObject message) throws UntranslatableException {
    StringBuilder text = new StringBuilder();
    for (Content content : contents(message)) {
      if (!(content instanceof TextContent part)) {
        throw message.refusal("content", "must be text only in a message of this role");
      }
      text.append(part.text());
    }
    return text.toString();
  }

  private List<Content> contents(RequestObject message) throws UntranslatableException {
    List<Content> contents = new ArrayList<>();
    if (message.value("content").orElse(List.of()) instanceof String text) {
      if (!text.isBlank()) {
        contents.add(TextContent.from(text));
      }
      return contents;
    }
    for (RequestObject part : message.objects("content")) {
      part.leaveOut("cache_control", "prompt_cache_breakpoint");
      switch (part.requiredText("type")) {
        case "text" -> addText(contents, part.requiredText("text"));
        case "refusal" -> addText(contents, part.requiredText("refusal"));
        case "image_url" -> contents.add(image(part.requiredObject("image_url")));
        case "file" -> contents.add(file(part.requiredObject("file")));
        default -> throw part.refusal("type", "this upstream has no such content");
      }
      part.end();
    }
    return contents;
  }

  private static void addText(List<Content> contents, String text) {
    if (!text.isBlank()) {
      contents.add(TextContent.from(text));
    }
  }

  private static Content image(RequestObject image) throws UntranslatableException {
    image.leaveOut("detail");
    String[] data = data(image, "url");
    image.end();
    if (!data[0].startsWith("image/")) {
      throw image.refusal("url", "must hold an image");
    }
    return ImageContent.from(data[1], data[0]);
  }

  private Content file(RequestObject file) throws UntranslatableException {
    file.refuseIfPresent("file_id", "names a file that only OpenAI can open; send file_data");
    file.leaveOut("filename");
    String[] data = data(file, "file_data");
    file.end();
    boolean taken = type == ProviderType.GEMINI || type == ProviderType.BEDROCK;
    if (!taken || !data[0].equals("application/pdf")) {
      throw file.refusal("file_data", "this upstream takes no such file");
    }
    return PdfFileContent.from(data[1], data[0]);
  }

  /** Media type and base64 of a data URL; by any other the library would be sent to fetch it. */
  private static String[] data(RequestObject holder, String name) throws UntranslatableException {
    String url = holder.requiredText(name);
    int comma = url.indexOf(',');
    String head = comma < 0 ? "" : url.substring(0, comma).toLowerCase(Locale.ROOT);
    if (!head.startsWith("data:") || !head.endsWith(";base64")) {
      throw holder.refusal(name, "must be a base64 data: URL for this upstream");
    }
    return new String[] {head.substring(5, head.indexOf(';')), url.substring(comma + 1)};
  }
}
