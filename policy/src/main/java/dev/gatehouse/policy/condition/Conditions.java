package dev.gatehouse.policy.condition;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;

/**
 * Compiles conditions. Takes milliseconds for each: for publishing, never for deciding.
 * Thread-safe.
 *
 * <p>A condition is evaluated with a dynamic payload, because one rule may cover tools of different
 * schemas; that it fits each of them is a {@link ConditionChecker}'s business.
 */
public final class Conditions {

  /** Longest expression, in characters. */
  public static final int LENGTH_MAX = 4_000;

  private static final int NESTING_MAX = 32;
  private static final int REGEX_SIZE_MAX = 1_000;

  /** As many as a set has rules, and as many again for the set that replaces it. */
  private static final int REMEMBERED_MAX = 20_000;

  private static final ConditionChecker ANY_PAYLOAD = new ConditionChecker(Map.of());
  private static final Cache<Key, Condition> COMPILED =
      Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).executor(Runnable::run).build();

  private record Key(String source, ConditionLimits limits) {}

  private Conditions() {}

  /** What is wrong with an expression, whatever the payload. */
  public static List<ConditionProblem> check(String source) {
    return ANY_PAYLOAD.check(source);
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException with the first problem
   */
  public static Condition compile(String source, ConditionLimits limits) {
    return COMPILED.get(new Key(source, limits), Conditions::compiled);
  }

  private static Condition compiled(Key key) {
    List<ConditionProblem> problems = check(key.source());
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.getFirst().toString());
    }
    try {
      return new Condition(
          key.source(),
          CelRuntimeFactory.legacyCelRuntimeBuilder()
              .setOptions(options(key.limits().iterationsMax()))
              .build()
              .createProgram(ANY_PAYLOAD.tree(key.source())));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalArgumentException("not a condition: " + e.getMessage(), e);
    }
  }

  static CelOptions options(int iterationsMax) {
    return CelOptions.current()
        .comprehensionMaxIterations(iterationsMax)
        .maxExpressionCodePointSize(LENGTH_MAX)
        .maxParseRecursionDepth(NESTING_MAX)
        .maxRegexProgramSize(REGEX_SIZE_MAX)
        .enableHeterogeneousNumericComparisons(true)
        .enableQuotedIdentifierSyntax(true)
        .build();
  }
}
