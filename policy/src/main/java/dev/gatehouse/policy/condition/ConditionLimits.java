package dev.gatehouse.policy.condition;

/**
 * What one evaluation may cost. Whoever exceeds it is denied: a condition that was not evaluated
 * did not hold good for the call.
 *
 * @param iterationsMax steps of all loops ({@code all}, {@code exists}, {@code map}, {@code
 *     filter}) of one evaluation, 1 to 100,000
 * @param payloadCharsMax characters of all texts and names of a payload, and twice that many
 *     values, 1 to 16 Mi; a longer payload is not read at all
 */
public record ConditionLimits(int iterationsMax, int payloadCharsMax) {

  /** 1,000 steps, 64 Ki characters. */
  public static final ConditionLimits DEFAULT = new ConditionLimits(1_000, 64 << 10);

  public ConditionLimits {
    check("the iterations of a condition", iterationsMax, 100_000);
    check("the payload characters of a condition", payloadCharsMax, 16 << 20);
  }

  private static void check(String what, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(what + " lie in 1.." + max + ", this is " + value);
    }
  }
}
