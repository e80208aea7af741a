package dev.gatehouse.audit.personal;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The disclosures of one row, on their way into the vault.
 *
 * @param subject whose they are
 * @param texts one for each member that the row commits to
 */
public record Disclosures(String subject, List<String> texts) {

  /** Of a row that commits to nothing. */
  public static final Disclosures NONE = new Disclosures("", List.of());

  public boolean any() {
    return !texts.isEmpty();
  }

  /** As a vault keeps them. */
  public byte[] bytes() {
    return String.join("\n", texts).getBytes(StandardCharsets.US_ASCII);
  }

  /** Those that a vault keeps as this text. */
  public static List<String> texts(String kept) {
    return List.of(kept.split("\n", -1));
  }

  /** About how much room they take in a vault; never less than they do. */
  public int bytesMax() {
    int bytes = Vault.RECORD_BYTES;
    for (String text : texts) {
      bytes += text.length() + 1;
    }
    return bytes;
  }
}
