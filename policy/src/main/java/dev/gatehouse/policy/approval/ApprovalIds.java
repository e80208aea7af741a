package dev.gatehouse.policy.approval;

import dev.gatehouse.core.approval.ApprovalId;
import java.util.random.RandomGenerator;

/** Makes approval ids: 130 random bits in Crockford's base 32, which nobody guesses or misreads. */
final class ApprovalIds {

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 26;

  private ApprovalIds() {}

  static ApprovalId next(RandomGenerator random) {
    StringBuilder id = new StringBuilder("apr_");
    for (int i = 0; i < LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new ApprovalId(id.toString());
  }
}
