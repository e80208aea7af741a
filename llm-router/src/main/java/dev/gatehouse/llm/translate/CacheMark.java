package dev.gatehouse.llm.translate;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The mark that ends a reusable prefix of the prompt: {@code cache_control} of the messages
 * protocol, {@code prompt_cache_breakpoint} of the chat protocol.
 *
 * <p>How long a prefix is kept is not carried: the chat protocol says it once for the whole request
 * and knows half an hour only.
 */
final class CacheMark {

  /**
   * Models that take breakpoints, from GPT-5.6 on; servers of other models may refuse the field.
   */
  private static final Pattern TAKING =
      Pattern.compile("gpt-(?:5\\.(?:[6-9]|\\d\\d)|[6-9]|\\d\\d).*");

  private CacheMark() {}

  /** Whether breakpoints are kept for this model of a chat upstream. */
  static boolean keptBy(String chatModel) {
    return TAKING.matcher(chatModel).matches();
  }

  /**
   * The {@code cache_control} for a part of a chat request; clients that know what is behind a
   * gateway write it there as it is.
   */
  static Optional<Map<?, ?>> ofChat(RequestObject part) throws UntranslatableException {
    Optional<Map<?, ?>> control = part.tree("cache_control");
    boolean breakpoint = part.has("prompt_cache_breakpoint");
    if (control.isEmpty() && breakpoint) {
      return Optional.of(Json.object("type", "ephemeral"));
    }
    return control;
  }
}
