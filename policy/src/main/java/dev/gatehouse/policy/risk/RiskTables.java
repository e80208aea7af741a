package dev.gatehouse.policy.risk;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.policy.ranges.Ranges;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables and thresholds of the risk score, as the config declares them.
 *
 * <p>{@link #DEFAULT} is chosen so that, of ordinary work, about 94 calls in 100 are allowed, and
 * that
 *
 * <ul>
 *   <li>reading and writing on dev, and reading all but the sensitive classes anywhere, is allowed
 *       however long the session is; so is every model call;
 *   <li>writing on prod to a sensitive class is reviewed: a session's length raises writes and
 *       containment to a review at most, never to a denial;
 *   <li>destroying on prod is denied whatever the class, and reviewed at least anywhere else.
 * </ul>
 *
 * @param operation points by operation type, 0 to 40, each type named; read ≤ write ≤ destructive
 * @param connectorClass points by connector class, 0 to 25; at most {@link #CLASSES_MAX} classes
 * @param otherConnectorClass points of a class that {@code connectorClass} does not name
 * @param session steps in ascending order, points never falling; below the first one 0 points
 * @param target points by target tier, 0 to 20, each tier named; dev ≤ staging ≤ prod
 * @param reviewThreshold from this total on a person must approve; 101 means never
 * @param denyThreshold from this total on the call is denied; 101 means never
 */
public record RiskTables(
    Map<OperationType, Integer> operation,
    Map<String, Integer> connectorClass,
    int otherConnectorClass,
    List<SessionStep> session,
    Map<TargetTier, Integer> target,
    int reviewThreshold,
    int denyThreshold) {

  /** Most connector classes of a table. */
  public static final int CLASSES_MAX = 256;

  /** The documented defaults. */
  public static final RiskTables DEFAULT =
      new RiskTables(
          Map.of(
              OperationType.READ, 0,
              OperationType.WRITE, 10,
              OperationType.CONTAINMENT, 11,
              OperationType.DESTRUCTIVE, 40),
          Map.of(
              "llm", 0,
              "public", 10,
              "internal", 12,
              "customer_data", 20,
              "financial", 22,
              "security", 23),
          14,
          List.of(
              new SessionStep(51, 3),
              new SessionStep(201, 6),
              new SessionStep(501, 10),
              new SessionStep(1001, 15)),
          Map.of(TargetTier.DEV, 0, TargetTier.STAGING, 8, TargetTier.PROD, 20),
          50,
          70);

  public RiskTables {
    operation = Map.copyOf(operation);
    connectorClass = Map.copyOf(connectorClass);
    session = List.copyOf(session);
    target = Map.copyOf(target);
    checkTable("operation", operation, RiskScore.OPERATION_MAX);
    checkRising("operation", operation, OperationType.READ, OperationType.WRITE);
    checkRising("operation", operation, OperationType.WRITE, OperationType.DESTRUCTIVE);
    named("operation", operation, OperationType.CONTAINMENT);
    checkTable("connector_class", connectorClass, RiskScore.CONNECTOR_MAX);
    Ranges.check(
        "points of other connector classes", otherConnectorClass, 0, RiskScore.CONNECTOR_MAX);
    Ranges.check("the number of connector classes", connectorClass.size(), 0, CLASSES_MAX);
    checkTable("target", target, RiskScore.TARGET_MAX);
    checkRising("target", target, TargetTier.DEV, TargetTier.STAGING);
    checkRising("target", target, TargetTier.STAGING, TargetTier.PROD);
    checkSteps(session);
    Ranges.check("the review threshold", reviewThreshold, 0, 101);
    Ranges.check("the deny threshold", denyThreshold, 0, 101);
    if (reviewThreshold > denyThreshold) {
      throw new IllegalArgumentException(
          "the review threshold "
              + reviewThreshold
              + " lies above the deny threshold "
              + denyThreshold);
    }
  }

  private static void checkTable(String table, Map<?, Integer> points, int max) {
    points.forEach((key, value) -> Ranges.check("risk table " + table + ": " + key, value, 0, max));
  }

  private static <K> void checkRising(String table, Map<K, Integer> points, K low, K high) {
    int lower = named(table, points, low);
    int higher = named(table, points, high);
    if (lower > higher) {
      throw new IllegalArgumentException(
          "risk table "
              + table
              + ": "
              + low
              + " ("
              + lower
              + ") lies above "
              + high
              + " ("
              + higher
              + ")");
    }
  }

  private static <K> int named(String table, Map<K, Integer> points, K key) {
    Integer value = points.get(key);
    if (value == null) {
      throw new IllegalArgumentException("risk table " + table + " does not name " + key);
    }
    return value;
  }

  private static void checkSteps(List<SessionStep> steps) {
    for (int i = 1; i < steps.size(); i++) {
      SessionStep before = steps.get(i - 1);
      SessionStep step = steps.get(i);
      if (step.fromActions() <= before.fromActions() || step.points() < before.points()) {
        throw new IllegalArgumentException(
            "risk table session rises from step to step: " + step + " follows " + before);
      }
    }
  }

  /** As JSON: what the digest of the tables is made of, and what the record keeps of them. */
  public Map<String, Object> tree() {
    return Map.of(
        "operation",
        byName(operation),
        "connector_class",
        connectorClass,
        "other_connector_class",
        otherConnectorClass,
        "session",
        session.stream().map(step -> List.of(step.fromActions(), step.points())).toList(),
        "target",
        byName(target),
        "review_threshold",
        reviewThreshold,
        "deny_threshold",
        denyThreshold);
  }

  private static Map<String, Integer> byName(Map<? extends Enum<?>, Integer> table) {
    Map<String, Integer> named = new TreeMap<>();
    table.forEach((key, points) -> named.put(key.name().toLowerCase(Locale.ROOT), points));
    return named;
  }
}
