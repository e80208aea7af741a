package dev.gatehouse.registry.token;

/**
 * Somebody that an issuer knows: what stands for an agent in the tokens of that issuer.
 *
 * @param issuer the issuer, exactly as its tokens name it
 * @param subject the value of the claim that the issuer's settings name, {@code sub} by default
 */
public record Subject(String issuer, String subject) {

  /** Longest of either. */
  public static final int LENGTH_MAX = 512;

  public Subject {
    check("issuer", issuer);
    check("subject", subject);
  }

  private static void check(String what, String value) {
    if (value.isEmpty() || value.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " of a subject has 1 to "
              + LENGTH_MAX
              + " characters, this has "
              + value.length());
    }
  }
}
