package dev.gatehouse.llm.translate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thinking of an Anthropic model inside a reasoning item: the blocks with their signatures travel
 * to the client and back as the item's {@code encrypted_content}, so that a turn can go on after
 * its tool calls. No secret: the client may read what it is shown anyhow, and Anthropic checks the
 * signatures.
 */
final class SealedThinking {

  /** How the ids of reasoning items begin that a translation made; OpenAI would not find them. */
  static final String ID_PREFIX = "rs_gatehouse_";

  private static final String PREFIX = "gatehouse.";

  private SealedThinking() {}

  static @Nullable String seal(List<?> thinkingBlocks) {
    return thinkingBlocks.isEmpty()
        ? null
        : PREFIX
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.text(thinkingBlocks).getBytes(StandardCharsets.UTF_8));
  }

  /** The blocks; none when it is not ours or was tampered with. */
  static List<Object> open(String sealed) {
    if (!sealed.startsWith(PREFIX)) {
      return List.of();
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(sealed.substring(PREFIX.length()));
      return Json.parse(new String(json, StandardCharsets.UTF_8)) instanceof List<?> blocks
          ? List.copyOf(blocks)
          : List.of();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /** The request without such items, for OpenAI; the same object when there is none. */
  static Map<String, Object> removedFrom(Map<String, Object> request) {
    if (!(request.get("input") instanceof List<?> items)) {
      return request;
    }
    List<@Nullable Object> kept = new ArrayList<>(items);
    if (!kept.removeIf(SealedThinking::is)) {
      return request;
    }
    Map<String, Object> copy = new LinkedHashMap<>(request);
    copy.put("input", kept);
    return copy;
  }

  private static boolean is(@Nullable Object item) {
    return item instanceof Map<?, ?> fields
        && "reasoning".equals(fields.get("type"))
        && fields.get("id") instanceof String id
        && id.startsWith(ID_PREFIX);
  }
}
