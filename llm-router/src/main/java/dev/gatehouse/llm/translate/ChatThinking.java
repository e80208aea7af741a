package dev.gatehouse.llm.translate;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much a chat request wants the model to think, as the messages protocol says it, and the token
 * limit, which thinking shares there.
 *
 * <p>{@code reasoning_effort} becomes adaptive thinking with an effort on models that take it, a
 * thinking budget on the others. {@code none} switches thinking off. A client that speaks of {@code
 * thinking} itself, as some SDKs do on top of the chat protocol, is taken at its word.
 *
 * <p>Effort is a wish, so it gives way where the messages protocol would refuse it: thinking stays
 * off when a tool is forced; when the turn goes on after tool calls whose thinking the client could
 * not keep, as a budget demands it back; and when the token limit leaves no room for the least
 * budget.
 */
record ChatThinking(Optional<String> effort, Optional<Map<?, ?>> explicit, ClaudeModel model) {

  static ChatThinking read(RequestObject request, ClaudeModel model)
      throws UntranslatableException {
    Optional<String> effort = request.text("reasoning_effort");
    if (effort.isPresent()
        && !effort.get().equals("none")
        && Effort.ofChat(effort.get()).isEmpty()) {
      throw request.refusal("reasoning_effort", "is not an effort that we know");
    }
    return new ChatThinking(effort, request.tree("thinking"), model);
  }

  /** Writes {@code max_tokens}, {@code thinking} and the effort. */
  void writeTo(
      Map<String, @Nullable Object> out,
      Optional<Long> limit,
      long limitDefault,
      boolean toolForced,
      ChatConversation conversation) {
    out.put("max_tokens", limit.orElse(limitDefault));
    if (explicit.isPresent()) {
      out.put("thinking", explicit.get());
      return;
    }
    if (effort.isEmpty()) {
      return;
    }
    Optional<Effort> asked = Effort.ofChat(effort.get());
    if (asked.isEmpty()) {
      out.put("thinking", Json.object("type", "disabled"));
    } else if (model.effort()) {
      outputConfig(out).put("effort", asked.get().messagesName());
      if (!toolForced) {
        out.put("thinking", Json.object("type", "adaptive"));
      }
    } else if (!toolForced && !conversation.continuesWithoutThinking()) {
      writeBudget(out, limit, limitDefault, asked.get().budgetTokens());
    }
  }

  private static void writeBudget(
      Map<String, @Nullable Object> out, Optional<Long> limit, long limitDefault, long wanted) {
    // Without a limit the answer keeps the whole default; with one, half of it at least.
    long budget = limit.isEmpty() ? wanted : Math.min(wanted, limit.get() / 2);
    if (budget < Effort.BUDGET_TOKENS_MIN) {
      return;
    }
    out.put("max_tokens", limit.orElse(limitDefault + budget));
    out.put("thinking", Json.object("type", "enabled", "budget_tokens", budget));
  }

  /** The {@code output_config} of the request being written, made when it is missing. */
  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> outputConfig(Map<String, @Nullable Object> out) {
    Object config = out.computeIfAbsent("output_config", _ -> Json.object());
    return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(config);
  }
}
