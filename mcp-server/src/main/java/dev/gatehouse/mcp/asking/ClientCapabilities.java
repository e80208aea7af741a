package dev.gatehouse.mcp.asking;

import dev.gatehouse.core.tool.ClientRefusedException;
import dev.gatehouse.core.tool.ClientRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client declared that it can do.
 *
 * @param tree an MCP {@code ClientCapabilities} as a plain JSON tree
 */
public record ClientCapabilities(Map<String, Object> tree) {

  /** The extension that lets a server answer with a task. */
  public static final String TASKS = "io.modelcontextprotocol/tasks";

  /** Nothing declared. */
  public static final ClientCapabilities NONE = new ClientCapabilities(Map.of());

  /** What a client without {@link #TASKS} would have to declare. */
  public static final Map<String, Object> TASKS_NEEDED =
      Map.of("extensions", Map.of(TASKS, Map.of()));

  /** Reads a tree; anything but an object declares nothing. */
  @SuppressWarnings("unchecked") // the parser makes maps with string keys only
  public static ClientCapabilities of(@Nullable Object tree) {
    return tree instanceof Map<?, ?> members
        ? new ClientCapabilities((Map<String, Object>) members)
        : NONE;
  }

  /** The same, as far as it can be asked for anything: small enough to keep for long. */
  public ClientCapabilities withoutTheRest() {
    Map<String, Object> kept = new LinkedHashMap<>();
    for (String name : new String[] {"elicitation", "sampling", "roots"}) {
      if (tree.get(name) instanceof Map<?, ?> declared) {
        Map<String, Object> flags = new LinkedHashMap<>();
        for (String flag : new String[] {"form", "url", "tools", "context"}) {
          if (declared.get(flag) instanceof Map<?, ?>) {
            flags.put(flag, Map.of());
          }
        }
        if (Boolean.TRUE.equals(declared.get("listChanged"))) {
          flags.put("listChanged", true);
        }
        kept.put(name, flags);
      }
    }
    return new ClientCapabilities(kept);
  }

  /** Whether the client takes a task in place of a result. */
  public boolean tasks() {
    return has("extensions", TASKS);
  }

  /** Why the client cannot be asked all this; empty when it can. */
  public Optional<ClientRefusedException> objection(Map<String, ClientRequest> questions) {
    Map<String, Object> missing;
    try {
      missing = missing(questions);
    } catch (IllegalArgumentException e) {
      return Optional.of(
          new ClientRefusedException(-32601, String.valueOf(e.getMessage()), Map.of()));
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ClientRefusedException(
                ClientRefusedException.MISSING_CAPABILITY,
                "the client did not declare the capability to answer this",
                missing));
  }

  /** What the client would have to declare beside to be asked all this; empty when nothing. */
  private Map<String, Object> missing(Map<String, ClientRequest> questions) {
    Map<String, Object> missing = new LinkedHashMap<>();
    for (ClientRequest question : questions.values()) {
      switch (question.method()) {
        case "elicitation/create" -> {
          boolean url = "url".equals(question.params().get("mode"));
          if (url ? !has("elicitation", "url") : !takesForms()) {
            missing.put("elicitation", url ? Map.of("url", Map.of()) : Map.of());
          }
        }
        case "sampling/createMessage" -> {
          boolean tools =
              question.params().containsKey("tools") || question.params().containsKey("toolChoice");
          if (tools ? !has("sampling", "tools") : !tree.containsKey("sampling")) {
            missing.put("sampling", tools ? Map.of("tools", Map.of()) : Map.of());
          }
        }
        case "roots/list" -> {
          if (!tree.containsKey("roots")) {
            missing.put("roots", Map.of());
          }
        }
        default -> throw new IllegalArgumentException("no client is asked " + question.method());
      }
    }
    return missing;
  }

  /** An empty {@code elicitation} means forms, as before there was anything else. */
  private boolean takesForms() {
    return tree.get("elicitation") instanceof Map<?, ?> modes
        && (modes.containsKey("form") || !modes.containsKey("url"));
  }

  private boolean has(String name, String member) {
    return tree.get(name) instanceof Map<?, ?> members && members.containsKey(member);
  }
}
