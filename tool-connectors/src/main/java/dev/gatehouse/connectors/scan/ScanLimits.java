package dev.gatehouse.connectors.scan;

/**
 * How far one scan goes; what lies beyond is not scanned, and the detector {@code scan_incomplete}
 * says so.
 *
 * @param charactersMax characters of one definition, result or question
 * @param findingsMax findings in it
 */
public record ScanLimits(int charactersMax, int findingsMax) {

  /** The documented defaults. */
  public static final ScanLimits DEFAULTS = new ScanLimits(4 << 20, 1_000);

  public ScanLimits {
    within("charactersMax", charactersMax, 1, 64 << 20);
    within("findingsMax", findingsMax, 1, 100_000);
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "the limit "
              + name
              + " of scans is between "
              + least
              + " and "
              + most
              + ", not "
              + value);
    }
  }
}
