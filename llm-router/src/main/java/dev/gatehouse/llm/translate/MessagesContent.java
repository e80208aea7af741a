package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content blocks of the messages protocol as parts of a chat message.
 *
 * <p>Blank texts are left out. Refused: sources by file id, PDFs by URL, citations asked for, and
 * blocks of kinds that the chat protocol has no part for. Left out: citations of earlier answers,
 * and what to do with images that are too large.
 */
final class MessagesContent {

  private final boolean cacheMarks;

  /**
   * @param cacheMarks whether the upstream takes cache breakpoints
   */
  MessagesContent(boolean cacheMarks) {
    this.cacheMarks = cacheMarks;
  }

  static Map<String, @Nullable Object> text(String text) {
    return Json.object("type", "text", "text", text);
  }

  /** One plain text as a string, which every chat server takes; anything else as an array. */
  static Object shortest(List<Map<String, @Nullable Object>> parts) {
    Map<String, @Nullable Object> first = parts.getFirst();
    Object text = first.get("text");
    return parts.size() == 1 && text != null && first.size() == 2 ? text : parts;
  }

  /** The blocks of a field that is a string, which stands for one text block, or an array. */
  List<RequestObject> blocks(RequestObject holder, String name) throws UntranslatableException {
    if (holder.value(name).orElse(List.of()) instanceof String text) {
      return List.of(RequestObject.of(text(text), holder.path(name)));
    }
    return holder.objects(name);
  }

  /** The parts of a field that may hold text only. */
  List<Map<String, @Nullable Object>> texts(RequestObject holder, String name)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> parts = new ArrayList<>();
    for (RequestObject block : blocks(holder, name)) {
      if (!block.requiredText("type").equals("text")) {
        throw block.refusal("type", "must be text here");
      }
      add(parts, block);
      block.end();
    }
    return parts;
  }

  /** Adds the parts of one block. */
  void add(List<Map<String, @Nullable Object>> parts, RequestObject block)
      throws UntranslatableException {
    Optional<Map<?, ?>> mark = block.tree("cache_control");
    switch (block.requiredText("type")) {
      case "text" -> {
        block.leaveOut("citations");
        String text = block.requiredText("text");
        if (!text.isBlank()) {
          parts.add(text(text));
        }
      }
      case "image" -> {
        block.leaveOut("transformations");
        parts.add(image(block.requiredObject("source")));
      }
      case "document" -> parts.addAll(document(block));
      default -> throw block.refusal("type", "the upstream's protocol has no such content");
    }
    if (mark.isPresent() && cacheMarks && !parts.isEmpty()) {
      parts.getLast().put("prompt_cache_breakpoint", Json.object("mode", "explicit"));
    }
  }

  private static Map<String, @Nullable Object> image(RequestObject source)
      throws UntranslatableException {
    String url =
        switch (source.requiredText("type")) {
          case "url" -> source.requiredText("url");
          case "base64" -> base64(source).toString();
          default -> throw source.refusal("type", "names a file that only Anthropic can open");
        };
    source.end();
    return Json.object("type", "image_url", "image_url", Json.object("url", url));
  }

  private static DataUrl base64(RequestObject source) throws UntranslatableException {
    return new DataUrl(source.requiredText("media_type"), source.requiredText("data"));
  }

  private List<Map<String, @Nullable Object>> document(RequestObject block)
      throws UntranslatableException {
    Optional<RequestObject> citations = block.object("citations");
    if (citations.isPresent() && citations.get().isTrue("enabled")) {
      throw block.refusal("citations", "the upstream cannot cite");
    }
    Optional<String> title = block.text("title");
    List<Map<String, @Nullable Object>> parts = new ArrayList<>();
    block.text("context").ifPresent(context -> parts.add(text(context)));
    RequestObject source = block.requiredObject("source");
    switch (source.requiredText("type")) {
      case "base64" -> parts.add(file(title.orElse("document.pdf"), base64(source)));
      case "text" -> {
        source.leaveOut("media_type");
        title.ifPresent(name -> parts.add(text(name)));
        parts.add(text(source.requiredText("data")));
      }
      case "content" -> {
        title.ifPresent(name -> parts.add(text(name)));
        for (RequestObject inner : blocks(source, "content")) {
          add(parts, inner);
          inner.end();
        }
      }
      default -> throw source.refusal("type", "the upstream takes documents by value only");
    }
    source.end();
    return parts;
  }

  private static Map<String, @Nullable Object> file(String name, DataUrl data) {
    return Json.object(
        "type", "file", "file", Json.object("filename", name, "file_data", data.toString()));
  }
}
