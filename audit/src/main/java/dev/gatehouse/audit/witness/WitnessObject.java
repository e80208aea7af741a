package dev.gatehouse.audit.witness;

import dev.gatehouse.audit.chain.ChainHasher;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a witnessed file in a store: its path in a {@link WitnessDirectory} with the
 * content's SHA-256 in front of the suffix, such as {@code gate1-1-standard/00000003-9c41….note}.
 * So two notes that claim one number do not hide each other.
 *
 * @param path the path in a witness directory
 * @param sha256 of the content, 64 hexadecimal digits
 */
public record WitnessObject(String path, String sha256) {

  private static final Pattern NAME =
      Pattern.compile(
          "((?:fleet/)?(?:[A-Za-z0-9][A-Za-z0-9._-]{0,200}/)?[0-9a-f]{8})-([0-9a-f]{64})\\.(note|pub|tsr)");

  /** The name for a file. */
  public static String named(String path, byte[] content) {
    int dot = path.lastIndexOf('.');
    return path.substring(0, dot)
        + "-"
        + HexFormat.of().formatHex(ChainHasher.sha256().digest(content))
        + path.substring(dot);
  }

  /** Reads a name; empty for any other. */
  public static Optional<WitnessObject> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new WitnessObject(matcher.group(1) + "." + matcher.group(3), matcher.group(2)))
        : Optional.empty();
  }
}
