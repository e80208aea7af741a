package dev.gatehouse.policy.rules;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A call and what a rule makes of it.
 *
 * @param payload the call's arguments
 * @param labels the agent's labels
 * @param expect the verdict of this rule alone: {@code allow} (also when it does not match), {@code
 *     deny}, {@code approval_required} or {@code throttle}
 */
public record PolicyTest(Map<String, Object> payload, Map<String, String> labels, String expect) {

  /** What may be expected. */
  public static final List<String> VERDICTS =
      List.of("allow", "deny", "approval_required", "throttle");

  public PolicyTest {
    payload = Collections.unmodifiableMap(new LinkedHashMap<>(payload));
    labels = Map.copyOf(labels);
    if (!VERDICTS.contains(expect)) {
      throw new IllegalArgumentException(
          "a test expects one of " + VERDICTS + ", this expects '" + expect + "'");
    }
  }
}
