package dev.gatehouse.audit.note;

import dev.gatehouse.audit.chain.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A signature line of a checkpoint: {@code — name base64}, the base64 over the key's id and the
 * signature.
 *
 * <p>Ed25519 signs the note's text. ML-DSA-44 signs what C2SP {@code tlog-cosignature} says: {@code
 * "subtree/v1\n\0" ‖ len name ‖ name ‖ time u64 ‖ len origin ‖ origin ‖ 0 u64 ‖ size u64 ‖ root},
 * and its signature begins with the time, in seconds.
 */
final class NoteSignature {

  static final String PREFIX = "\u2014 ";

  private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

  private NoteSignature() {}

  /** The line with which that key signs it. */
  static String line(SigningKey key, SignedHead head, String text) {
    VerifierKey verifier = key.verifierKey();
    byte[] signature = key.sign(message(verifier, head, text));
    ByteBuffer payload =
        ByteBuffer.allocate(VerifierKey.ID_BYTES + verifier.kind().signatureBytes());
    payload.put(verifier.idBytes());
    if (verifier.kind() == KeyKind.ML_DSA_44) {
      payload.putLong(head.at().getEpochSecond());
    }
    payload.put(signature);
    return PREFIX + verifier.name() + " " + Base64.getEncoder().encodeToString(payload.array());
  }

  /** Whether the line is that key's signature of the checkpoint. */
  static boolean signs(VerifierKey key, String line, SignedHead head, String text) {
    String begin = PREFIX + key.name() + " ";
    if (!line.startsWith(begin)) {
      return false;
    }
    byte[] payload;
    try {
      payload = Base64.getDecoder().decode(line.substring(begin.length()));
    } catch (IllegalArgumentException e) {
      return false;
    }
    // Base64 has several spellings of the same bytes; only the one that signers write is accepted.
    boolean usual = line.equals(begin + Base64.getEncoder().encodeToString(payload));
    int at = VerifierKey.ID_BYTES;
    if (!usual
        || payload.length != at + key.kind().signatureBytes()
        || !Arrays.equals(payload, 0, at, key.idBytes(), 0, at)) {
      return false;
    }
    if (key.kind() == KeyKind.ML_DSA_44) {
      if (Frame.longAt(payload, at) != head.at().getEpochSecond()) {
        return false;
      }
      at += Long.BYTES;
    }
    return key.verifies(message(key, head, text), Arrays.copyOfRange(payload, at, payload.length));
  }

  private static byte[] message(VerifierKey key, SignedHead head, String text) {
    return switch (key.kind()) {
      case ED25519 -> text.getBytes(StandardCharsets.UTF_8);
      case ML_DSA_44 -> cosigned(key.name(), head);
    };
  }

  private static byte[] cosigned(String cosigner, SignedHead head) {
    byte[] name = cosigner.getBytes(StandardCharsets.UTF_8);
    byte[] origin = head.origin().getBytes(StandardCharsets.UTF_8);
    byte[] root = HexFormat.of().parseHex(head.root());
    return ByteBuffer.allocate(
            LABEL.length + 1 + name.length + 1 + origin.length + 3 * Long.BYTES + root.length)
        .put(LABEL)
        .put((byte) name.length)
        .put(name)
        .putLong(head.at().getEpochSecond())
        .put((byte) origin.length)
        .put(origin)
        .putLong(0)
        .putLong(head.size())
        .put(root)
        .array();
  }
}
