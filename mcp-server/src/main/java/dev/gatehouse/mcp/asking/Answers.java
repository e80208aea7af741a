package dev.gatehouse.mcp.asking;

import dev.gatehouse.core.tool.ClientRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether what a client sends is an answer to what it was asked. */
public final class Answers {

  private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

  private Answers() {}

  /**
   * Whether the value is an {@code ElicitResult}, {@code CreateMessageResult} or {@code
   * ListRootsResult}, as the question demands. The content of an accepted form must fit the form.
   */
  public static boolean fits(ClientRequest question, @Nullable Object answer) {
    if (!(answer instanceof Map<?, ?> result)) {
      return false;
    }
    return switch (question.method()) {
      case "elicitation/create" -> elicited(question, result);
      case "sampling/createMessage" ->
          result.get("role") instanceof String
              && result.get("model") instanceof String
              && (result.get("content") instanceof Map<?, ?>
                  || result.get("content") instanceof List<?>);
      case "roots/list" ->
          result.get("roots") instanceof List<?> roots && roots.stream().allMatch(Answers::root);
      default -> false;
    };
  }

  private static boolean elicited(ClientRequest question, Map<?, ?> result) {
    if (!(result.get("action") instanceof String action) || !ACTIONS.contains(action)) {
      return false;
    }
    boolean filledIn = action.equals("accept") && !"url".equals(question.params().get("mode"));
    return !filledIn
        || (result.get("content") instanceof Map<?, ?> content
            && FormCheck.fits(question.params().get("requestedSchema"), content));
  }

  private static boolean root(@Nullable Object root) {
    return root instanceof Map<?, ?> members && members.get("uri") instanceof String;
  }
}
