package dev.gatehouse.mcp.schema;

/**
 * Whether a value fits a schema, as far as that is known. The order is that of certainty to fit.
 */
enum Fit {
  FAILS,
  UNKNOWN,
  FITS;

  static Fit of(boolean fits) {
    return fits ? FITS : FAILS;
  }

  /** Both. */
  Fit and(Fit other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** Either. */
  Fit or(Fit other) {
    return compareTo(other) >= 0 ? this : other;
  }

  Fit not() {
    return switch (this) {
      case FAILS -> FITS;
      case UNKNOWN -> UNKNOWN;
      case FITS -> FAILS;
    };
  }
}
