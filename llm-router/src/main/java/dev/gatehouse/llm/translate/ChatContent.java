package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a chat message as content blocks of the messages protocol.
 *
 * <p>Blank texts are left out, as the messages protocol refuses them and they say nothing. Refused:
 * audio, and files by id, which only OpenAI can open. {@code detail} of an image is left out: it
 * trades cost for sharpness in a way that only OpenAI's models have.
 */
final class ChatContent {

  private ChatContent() {}

  /** The blocks of a message's {@code content}: a string, an array of parts, or nothing. */
  static List<Map<String, @Nullable Object>> blocks(RequestObject message)
      throws UntranslatableException {
    Optional<Object> content = message.value("content");
    List<Map<String, @Nullable Object>> blocks = new ArrayList<>();
    if (content.isEmpty()) {
      return blocks;
    }
    if (content.get() instanceof String text) {
      addText(blocks, text, Optional.empty());
      return blocks;
    }
    for (RequestObject part : message.objects("content")) {
      add(blocks, part);
      part.end();
    }
    return blocks;
  }

  /** The blocks of a message that may hold text only. */
  static List<Map<String, @Nullable Object>> texts(RequestObject message)
      throws UntranslatableException {
    List<Map<String, @Nullable Object>> blocks = blocks(message);
    for (Map<String, @Nullable Object> block : blocks) {
      if (!"text".equals(block.get("type"))) {
        throw message.refusal("content", "must be text only in a message of this role");
      }
    }
    return blocks;
  }

  /** Adds a text block unless the text is blank. */
  static void addText(
      List<Map<String, @Nullable Object>> blocks, String text, Optional<Map<?, ?>> cacheMark) {
    if (text.isBlank()) {
      return;
    }
    Map<String, @Nullable Object> block = Json.object("type", "text", "text", text);
    cacheMark.ifPresent(mark -> block.put("cache_control", mark));
    blocks.add(block);
  }

  private static void add(List<Map<String, @Nullable Object>> blocks, RequestObject part)
      throws UntranslatableException {
    Optional<Map<?, ?>> mark = CacheMark.ofChat(part);
    switch (part.requiredText("type")) {
      case "text" -> addText(blocks, part.requiredText("text"), mark);
      case "refusal" -> addText(blocks, part.requiredText("refusal"), mark);
      case "image_url" -> blocks.add(marked(image(part.requiredObject("image_url")), mark));
      case "file" -> blocks.add(marked(document(part.requiredObject("file")), mark));
      default -> throw part.refusal("type", "the upstream's protocol has no such content");
    }
  }

  private static Map<String, @Nullable Object> marked(
      Map<String, @Nullable Object> block, Optional<Map<?, ?>> mark) {
    mark.ifPresent(m -> block.put("cache_control", m));
    return block;
  }

  private static Map<String, @Nullable Object> image(RequestObject image)
      throws UntranslatableException {
    image.leaveOut("detail");
    String url = image.requiredText("url");
    image.end();
    if (url.startsWith("https://") || url.startsWith("http://")) {
      return Json.object("type", "image", "source", Json.object("type", "url", "url", url));
    }
    DataUrl data = DataUrl.parse(url).orElseThrow(() -> image.refusal("url", DataUrl.EXPECTED));
    if (!data.isImage()) {
      throw image.refusal("url", "must hold a JPEG, PNG, GIF or WebP image for this upstream");
    }
    return Json.object("type", "image", "source", data.source());
  }

  private static Map<String, @Nullable Object> document(RequestObject file)
      throws UntranslatableException {
    file.refuseIfPresent("file_id", "names a file that only OpenAI can open; send file_data");
    Optional<String> name = file.text("filename");
    DataUrl data =
        DataUrl.parse(file.requiredText("file_data"))
            .orElseThrow(() -> file.refusal("file_data", DataUrl.EXPECTED));
    file.end();
    if (!data.mediaType().equals("application/pdf")) {
      throw file.refusal("file_data", "must hold a PDF for this upstream");
    }
    Map<String, @Nullable Object> block = Json.object("type", "document", "source", data.source());
    name.ifPresent(title -> block.put("title", title));
    return block;
  }
}
