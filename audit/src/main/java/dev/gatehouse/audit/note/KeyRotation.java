package dev.gatehouse.audit.note;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The statement that one pair of keys follows another, signed by all four: the old keys hand over,
 * and the new ones show that their holder takes it. Signed is the text {@code gatehouse.audit key
 * rotation v1}, then the two old and the two new keys in their text form, each on a line; no
 * checkpoint begins like that.
 *
 * @param from the old keys, one of each kind, in the order of {@link KeyKind}
 * @param to the new ones
 */
public record KeyRotation(List<VerifierKey> from, List<VerifierKey> to) {

  private static final String TITLE = "gatehouse.audit key rotation v1\n";

  public KeyRotation {
    from = pair(from);
    to = pair(to);
    if (from.equals(to)) {
      throw new IllegalArgumentException("a key does not follow itself");
    }
  }

  private static List<VerifierKey> pair(List<VerifierKey> keys) {
    if (!keys.stream().map(VerifierKey::kind).toList().equals(List.of(KeyKind.values()))) {
      throw new IllegalArgumentException("one key of each kind is due");
    }
    return List.copyOf(keys);
  }

  /** The members of the row that records it. */
  static Map<String, Object> signed(CheckpointKey from, CheckpointKey to) {
    KeyRotation rotation = new KeyRotation(from.verifierKeys(), to.verifierKeys());
    return Map.of(
        "from", texts(rotation.from()),
        "to", texts(rotation.to()),
        "from_signatures", rotation.signatures(from),
        "to_signatures", rotation.signatures(to));
  }

  private static List<String> texts(List<VerifierKey> keys) {
    return keys.stream().map(VerifierKey::text).toList();
  }

  private List<String> signatures(CheckpointKey key) {
    return key.keys().stream()
        .map(each -> Base64.getEncoder().encodeToString(each.sign(message())))
        .toList();
  }

  private byte[] message() {
    StringBuilder text = new StringBuilder(TITLE);
    from.forEach(key -> text.append(key.text()).append('\n'));
    to.forEach(key -> text.append(key.text()).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the row that records one, and checks its signatures.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static KeyRotation verified(JsonNode row) {
    KeyRotation rotation = new KeyRotation(keys(row.path("from")), keys(row.path("to")));
    rotation.require(rotation.from(), row.path("from_signatures"));
    rotation.require(rotation.to(), row.path("to_signatures"));
    return rotation;
  }

  private static List<VerifierKey> keys(JsonNode texts) {
    List<VerifierKey> keys = new ArrayList<>();
    texts.forEach(text -> keys.add(VerifierKey.parse(text.asText())));
    return keys;
  }

  private void require(List<VerifierKey> keys, JsonNode signatures) {
    boolean signed = signatures.isArray() && signatures.size() == keys.size();
    for (int i = 0; signed && i < keys.size(); i++) {
      String text = signatures.path(i).asText();
      byte[] signature = Base64.getDecoder().decode(text);
      signed =
          Base64.getEncoder().encodeToString(signature).equals(text)
              && keys.get(i).verifies(message(), signature);
    }
    if (!signed) {
      throw new IllegalArgumentException("not all of its four keys signed it");
    }
  }
}
