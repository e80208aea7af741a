package dev.gatehouse.mcp.requests;

import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.mcp.asking.ClientCapabilities;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about itself beside its params.
 *
 * @param progressToken a string or an integer; empty when no progress is wanted
 * @param trace the trace that the client puts the request into
 * @param logLevel the least severe log message that is wanted; empty for none at all
 * @param capabilities what the client can be asked and given
 * @param requestState the state that an earlier reply to the same request asked to send back
 * @param inputResponses answers to what that reply asked
 * @param reasoning why the agent says that it asks; for an approver's eyes; empty for nothing
 */
public record RequestMeta(
    Optional<Object> progressToken,
    TraceContext trace,
    Optional<LogLevel> logLevel,
    ClientCapabilities capabilities,
    Optional<String> requestState,
    Map<?, ?> inputResponses,
    String reasoning) {

  /** The member of {@code _meta} by which an agent says why it makes a call. */
  public static final String REASONING = "dev.gatehouse/reasoning";

  private static final int TOKEN_CHARS_MAX = 256;

  /** Longest text of a reason. */
  static final int REASONING_CHARS_MAX = 4_000;

  /**
   * Reads {@code params._meta}.
   *
   * @param header gives a header by its name; {@code _meta} overrides those of the trace
   * @param logLevel the level that the era found
   * @param capabilities what the era knows the client to have declared
   * @throws IllegalArgumentException with a message for the client when a member is malformed
   */
  public static RequestMeta of(
      Map<String, Object> params,
      Function<String, @Nullable String> header,
      Optional<LogLevel> logLevel,
      ClientCapabilities capabilities) {
    Map<?, ?> meta = members(params);
    return new RequestMeta(
        Optional.ofNullable(meta.get("progressToken")).map(RequestMeta::token),
        trace(meta, header),
        logLevel,
        capabilities,
        Optional.empty(),
        Map.of(),
        reasoning(REASONING, meta.get(REASONING)));
  }

  /**
   * The same with what a repeated request carries beside its own params.
   *
   * @throws IllegalArgumentException with a message for the client when a member is malformed
   */
  public RequestMeta repeating(Map<String, Object> params) {
    Object state = params.get("requestState");
    if (params.containsKey("requestState") && !(state instanceof String)) {
      throw new IllegalArgumentException("params.requestState must be a string");
    }
    Object answers = params.getOrDefault("inputResponses", Map.of());
    if (!(answers instanceof Map<?, ?> responses)) {
      throw new IllegalArgumentException("params.inputResponses must be an object");
    }
    return new RequestMeta(
        progressToken,
        trace,
        logLevel,
        capabilities,
        Optional.ofNullable((String) state),
        responses,
        reasoning);
  }

  /** The same of which the agent says that as well; its own word in {@code _meta} goes first. */
  public RequestMeta because(String stated) {
    return reasoning.isEmpty()
        ? new RequestMeta(
            progressToken, trace, logLevel, capabilities, requestState, inputResponses, stated)
        : this;
  }

  static String reasoning(String member, @Nullable Object stated) {
    return switch (stated) {
      case null -> "";
      case String text when text.length() <= REASONING_CHARS_MAX -> text;
      default ->
          throw new IllegalArgumentException(
              member + " must be a string of at most " + REASONING_CHARS_MAX + " characters");
    };
  }

  /** The members of {@code params._meta}; empty when there are none. */
  public static Map<?, ?> members(Map<String, Object> params) {
    Object meta = params.get("_meta");
    if (meta == null) {
      return Map.of();
    }
    if (meta instanceof Map<?, ?> members) {
      return members;
    }
    throw new IllegalArgumentException("params._meta must be an object");
  }

  private static Object token(Object token) {
    return switch (token) {
      case String text when text.length() <= TOKEN_CHARS_MAX -> text;
      case Integer number -> number;
      case Long number -> number;
      case BigInteger number -> number;
      default ->
          throw new IllegalArgumentException(
              "progressToken must be an integer or a string of at most "
                  + TOKEN_CHARS_MAX
                  + " characters");
    };
  }

  /** A state belongs to its parent, so both come from where the parent is; baggage is by itself. */
  private static TraceContext trace(Map<?, ?> meta, Function<String, @Nullable String> header) {
    Function<String, @Nullable String> member =
        name -> meta.get(name) instanceof String text ? text : null;
    Function<String, @Nullable String> parents =
        member.apply("traceparent") == null ? header : member;
    Function<String, @Nullable String> baggage = member.apply("baggage") == null ? header : member;
    return TraceContext.of(
        text(parents.apply("traceparent")),
        text(parents.apply("tracestate")),
        text(baggage.apply("baggage")));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
