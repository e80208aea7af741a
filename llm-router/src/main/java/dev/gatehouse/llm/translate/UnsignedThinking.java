package dev.gatehouse.llm.translate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thinking that no Anthropic model signed: what {@link MessagesToChat} makes of the reasoning that
 * some chat servers show.
 */
final class UnsignedThinking {

  /** The signature that tells such thinking apart. */
  static final String SIGNATURE = "gatehouse-unsigned";

  private UnsignedThinking() {}

  /** The request without such thinking; the same object when there is none. */
  static Map<String, Object> removedFrom(Map<String, Object> request) {
    if (!(request.get("messages") instanceof List<?> messages)) {
      return request;
    }
    List<@Nullable Object> kept = new ArrayList<>(messages.size());
    boolean changed = false;
    for (Object message : messages) {
      if (message instanceof Map<?, ?> fields
          && fields.get("content") instanceof List<?> content
          && content.stream().anyMatch(UnsignedThinking::is)) {
        changed = true;
        List<?> rest = content.stream().filter(block -> !is(block)).toList();
        if (!rest.isEmpty()) {
          Map<Object, @Nullable Object> copy = new LinkedHashMap<>(fields);
          copy.put("content", rest);
          kept.add(copy);
        }
      } else {
        kept.add(message);
      }
    }
    if (!changed) {
      return request;
    }
    Map<String, Object> copy = new LinkedHashMap<>(request);
    copy.put("messages", kept);
    return copy;
  }

  private static boolean is(@Nullable Object block) {
    return block instanceof Map<?, ?> fields
        && "thinking".equals(fields.get("type"))
        && SIGNATURE.equals(fields.get("signature"));
  }
}
