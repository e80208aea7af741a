package dev.gatehouse.audit.note;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A checkpoint as a signed note: the text form of C2SP {@code tlog-checkpoint}, whose first three
 * lines are origin, size and root and whose others are ours, under two C2SP {@code signed-note}
 * signatures.
 *
 * <pre>{@code
 * gatehouse.audit/gate1-7-standard
 * 1204
 * 3qf0…base64…=
 * link 9c41…hex…
 * number 3
 * time 2026-01-01T00:05:00Z
 *
 * — gatehouse.audit/gate1 Kp1a…base64…      Ed25519
 * — gatehouse.audit/gate1 9TfQ…base64…      ML-DSA-44
 * }</pre>
 */
public final class CheckpointNote {

  static final String ORIGIN_PREFIX = "gatehouse.audit/";

  private static final int TEXT_LINES = 6;

  private CheckpointNote() {}

  /** The signed note. */
  public static String sign(Checkpoint checkpoint, CheckpointKey key) {
    return SignedNote.sign(text(checkpoint), head(checkpoint), key);
  }

  private static SignedHead head(Checkpoint checkpoint) {
    return new SignedHead(
        ORIGIN_PREFIX + checkpoint.stream(), checkpoint.rows(), checkpoint.root(), checkpoint.at());
  }

  private static String text(Checkpoint checkpoint) {
    byte[] root = HexFormat.of().parseHex(checkpoint.root());
    return """
    %s%s
    %d
    %s
    link %s
    number %d
    time %s
    """
        .formatted(
            ORIGIN_PREFIX,
            checkpoint.stream(),
            checkpoint.rows(),
            Base64.getEncoder().encodeToString(root),
            checkpoint.link(),
            checkpoint.number(),
            checkpoint.at());
  }

  /**
   * Reads a note and checks that known keys signed it: one of each kind.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static Checkpoint verified(String note, List<VerifierKey> keys) {
    signers(note, keys);
    return unverified(note);
  }

  /**
   * The keys among these that signed a note: one of each kind, in the order of {@link KeyKind}.
   *
   * @throws IllegalArgumentException when a kind is missing, or the note cannot be read
   */
  public static List<VerifierKey> signers(String note, List<VerifierKey> keys) {
    return SignedNote.signers(note, head(unverified(note)), keys);
  }

  /**
   * Reads what a note says, whoever signed it.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  public static Checkpoint unverified(String note) {
    return read(SignedNote.text(note));
  }

  private static Checkpoint read(String text) {
    try {
      Checkpoint checkpoint = parse(text.lines().toList());
      if (text(checkpoint).equals(text)) {
        return checkpoint;
      }
      throw new IllegalArgumentException("its text is not in the usual form");
    } catch (DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException("a line cannot be read", e);
    }
  }

  private static Checkpoint parse(List<String> lines) {
    if (lines.size() != TEXT_LINES) {
      throw new IllegalArgumentException(TEXT_LINES + " lines were due, not " + lines.size());
    }
    return new Checkpoint(
        after(ORIGIN_PREFIX, lines.get(0)),
        Integer.parseInt(after("number ", lines.get(4))),
        Long.parseLong(lines.get(1)),
        HexFormat.of().formatHex(Base64.getDecoder().decode(lines.get(2))),
        after("link ", lines.get(3)),
        Instant.parse(after("time ", lines.get(5))));
  }

  static String after(String prefix, String line) {
    if (!line.startsWith(prefix)) {
      throw new IllegalArgumentException("a line that begins with '" + prefix + "' was due");
    }
    return line.substring(prefix.length());
  }
}
