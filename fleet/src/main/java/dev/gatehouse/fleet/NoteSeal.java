package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.FleetNote;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells what a process of the fleet ordered from what somebody else wrote into its Redis. A note
 * travels as 43 characters of base64url, the name of the process that tells it, a line feed, and
 * its text. The characters are the HMAC-SHA256 over the fleet's namespace, the kind of note, that
 * name, the note's id, whether it says that the order is over, and the text, each behind its
 * length. The key is made of the fleet's secret for that kind alone. Thread-safe.
 */
final class NoteSeal {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int LENGTH = 43;

  private final String namespace;
  private final String kind;
  private final String node;
  private final byte[] key;
  private final List<byte[]> accepted = new ArrayList<>();

  /**
   * @param node the name of this process, without line feeds
   */
  NoteSeal(FleetConfig config, String kind, String node) {
    if (node.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("the name of a process of a fleet is one line");
    }
    this.namespace = config.namespace();
    this.kind = kind;
    this.node = node;
    this.key = derived(config.secret(), kind);
    accepted.add(key);
    config.secretBefore().ifPresent(before -> accepted.add(derived(before, kind)));
  }

  private static byte[] derived(FleetSecret secret, String kind) {
    return mac(secret.reveal(), bytes("gatehouse/notes/" + kind + "/v1"));
  }

  /** The note's text as this process tells it. */
  String seal(FleetNote note) {
    String seal = seal(key, node, note.id(), note.over(), note.text());
    return seal + node + "\n" + note.text();
  }

  /**
   * The note that some process of the fleet sealed; empty for whatever else stands there.
   *
   * @param said {@code s} for an order or {@code l} for its end, and the sealed text
   */
  Optional<FleetNote> open(String id, String said) {
    int end = said.indexOf('\n');
    if (end <= LENGTH || !(said.startsWith("s") || said.startsWith("l"))) {
      return Optional.empty();
    }
    boolean over = said.startsWith("l");
    byte[] claimed = bytes(said.substring(1, 1 + LENGTH));
    String teller = said.substring(1 + LENGTH, end);
    String text = said.substring(end + 1);
    boolean sealed = false;
    for (byte[] each : accepted) {
      sealed |= MessageDigest.isEqual(bytes(seal(each, teller, id, over, text)), claimed);
    }
    return sealed ? Optional.of(new FleetNote(id, over, text)) : Optional.empty();
  }

  private String seal(byte[] with, String teller, String id, boolean over, String text) {
    byte[] sum =
        mac(
            with,
            bytes(namespace),
            bytes(kind),
            bytes(teller),
            bytes(id),
            bytes(over ? "over" : "ordered"),
            bytes(text));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sum);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Each part behind its length, so that no part can borrow of its neighbour. */
  private static byte[] mac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      for (byte[] part : parts) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }
}
