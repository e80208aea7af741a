package dev.gatehouse.llm.translate;

import dev.gatehouse.llm.wire.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Two translations in a row, with the chat protocol between them.
 *
 * <p>What the second refuses is told by the name that the client knows: the fields that the first
 * one renamed are named back.
 */
final class Through implements Translation {

  /** Chat's names of what the other protocols call otherwise; the rest keeps its name. */
  private static final Map<String, String> RESPONSES_NAMES =
      Map.of(
          "messages", "input",
          "max_completion_tokens", "max_output_tokens",
          "response_format", "text.format",
          "reasoning_effort", "reasoning.effort",
          "verbosity", "text.verbosity",
          "logprobs", "include",
          "top_logprobs", "top_logprobs");

  private static final Map<String, String> MESSAGES_NAMES =
      Map.of(
          "max_completion_tokens", "max_tokens",
          "response_format", "output_config.format",
          "reasoning_effort", "output_config.effort",
          "stop", "stop_sequences",
          "parallel_tool_calls", "tool_choice.disable_parallel_tool_use",
          "user", "metadata.user_id");

  private final Translation outer;
  private final Translation inner;
  private final Map<String, String> names;

  private Through(Translation outer, Translation inner, Map<String, String> names) {
    this.outer = outer;
    this.inner = inner;
    this.names = names;
  }

  static Translation responsesToMessages(Translation toChat, Translation toMessages) {
    return new Through(toChat, toMessages, RESPONSES_NAMES);
  }

  static Translation messagesToResponses(Translation toChat, Translation toResponses) {
    return new Through(toChat, toResponses, MESSAGES_NAMES);
  }

  @Override
  @SuppressWarnings("unchecked")
  public byte[] request(Map<String, Object> clientRequest, String upstreamModel)
      throws UntranslatableException {
    byte[] chat = outer.request(clientRequest, upstreamModel);
    Object tree = Objects.requireNonNull(Json.parse(new String(chat, StandardCharsets.UTF_8)));
    try {
      return inner.request((Map<String, Object>) tree, upstreamModel);
    } catch (UntranslatableException e) {
      throw renamed(e, names);
    }
  }

  /** A refusal of chat's words in those of that protocol. */
  static UntranslatableException inTheWordsOf(Protocol client, UntranslatableException e) {
    return switch (client) {
      case CHAT -> e;
      case MESSAGES -> renamed(e, MESSAGES_NAMES);
      case RESPONSES -> renamed(e, RESPONSES_NAMES);
    };
  }

  private static UntranslatableException renamed(
      UntranslatableException e, Map<String, String> names) {
    return new UntranslatableException(clientName(e.field(), names), e.why());
  }

  /** The client's name of a member; what lies inside of a renamed one has other places there. */
  private static String clientName(String field, Map<String, String> names) {
    int end = 0;
    while (end < field.length() && field.charAt(end) != '.' && field.charAt(end) != '[') {
      end++;
    }
    String renamed = names.get(field.substring(0, end));
    return renamed == null ? field : renamed;
  }

  @Override
  public Map<String, Object> response(
      Map<String, Object> clientRequest, Map<String, Object> upstreamResponse) {
    return outer.response(clientRequest, inner.response(Map.of(), upstreamResponse));
  }

  @Override
  public StreamTranslator stream(Map<String, Object> clientRequest) {
    return new Both(outer.stream(clientRequest), inner.stream());
  }

  @Override
  public StreamTranslator stream() {
    return new Both(outer.stream(), inner.stream());
  }

  /** What the inner one makes of an event goes through the outer one. */
  private record Both(StreamTranslator outer, StreamTranslator inner) implements StreamTranslator {

    @Override
    public List<SseEvent> event(SseEvent upstreamEvent) {
      return outward(inner.event(upstreamEvent));
    }

    @Override
    public List<SseEvent> end() {
      List<SseEvent> events = new ArrayList<>(outward(inner.end()));
      events.addAll(outer.end());
      return events;
    }

    private List<SseEvent> outward(List<SseEvent> chat) {
      List<SseEvent> events = new ArrayList<>();
      chat.forEach(event -> events.addAll(outer.event(event)));
      return events;
    }

    @Override
    public boolean failed() {
      return outer.failed() || inner.failed();
    }
  }
}
