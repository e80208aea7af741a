package dev.gatehouse.audit.note;

import dev.gatehouse.audit.chain.ChainHasher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A signed statement of where all streams of an audit directory stand: the newest leaf of a log of
 * such statements, and that log's tree head. It names the streams that moved since the statement
 * before; of any other, what was said last holds on.
 *
 * <p>As a signed note it is a C2SP checkpoint, whose lines behind the root are the leaf itself:
 *
 * <pre>{@code
 * gatehouse.audit/fleet/gate1-standard
 * 3
 * 3qf0…base64…=
 * time 2026-01-01T00:05:00Z
 * tip gate1-7-standard 1204 9c41…hex…
 *
 * — gatehouse.audit/gate1 Kp1a…base64…      Ed25519
 * — gatehouse.audit/gate1 9TfQ…base64…      ML-DSA-44
 * }</pre>
 *
 * @param log the log's name: {@code fleet/} and the lineage that keeps it
 * @param number which leaf this is, from 1; also the tree's size
 * @param root RFC 6962 tree head over all leaves up to this one, 64 hexadecimal digits
 * @param at when it was signed; never before the statement before it
 * @param rotation the members of the row that changed the keys, if they changed since the statement
 *     before; RFC 8785 text
 * @param tips in the order of their streams' names
 */
public record FleetCheckpoint(
    String log,
    long number,
    String root,
    Instant at,
    Optional<String> rotation,
    List<StreamTip> tips) {

  /** Where these notes lie in a witness, and how their logs' names begin. */
  public static final String FOLDER = "fleet";

  private static final String TIME = "time ";
  private static final String KEYS = "keys ";
  private static final int HEAD_LINES = 3;

  public FleetCheckpoint {
    tips = List.copyOf(tips);
    for (int i = 1; i < tips.size(); i++) {
      if (tips.get(i - 1).stream().toString().compareTo(tips.get(i).stream().toString()) >= 0) {
        throw new IllegalArgumentException("its tips are not in the order of their streams");
      }
    }
  }

  /** The name of the log that a lineage's writer keeps. */
  public static String log(String lineage) {
    return FOLDER + "/" + lineage;
  }

  /** {@code SHA-256(0x00 ‖ the note's text behind its root)}, as RFC 6962 hashes a leaf. */
  public byte[] leaf() {
    MessageDigest sha256 = ChainHasher.sha256();
    sha256.update((byte) 0);
    return sha256.digest(statement().getBytes(StandardCharsets.UTF_8));
  }

  private String statement() {
    StringBuilder text = new StringBuilder(TIME).append(at).append('\n');
    rotation.ifPresent(said -> text.append(KEYS).append(said).append('\n'));
    tips.forEach(tip -> text.append(tip.line()).append('\n'));
    return text.toString();
  }

  private String text() {
    String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(root));
    return head().origin() + "\n" + number + "\n" + base64 + "\n" + statement();
  }

  private SignedHead head() {
    return new SignedHead(CheckpointNote.ORIGIN_PREFIX + log, number, root, at);
  }

  /** The signed note. */
  public String sign(CheckpointKey key) {
    return SignedNote.sign(text(), head(), key);
  }

  /**
   * The keys among these that signed a note: one of each kind.
   *
   * @throws IllegalArgumentException when a kind is missing, or the note cannot be read
   */
  public static List<VerifierKey> signers(String note, List<VerifierKey> keys) {
    return SignedNote.signers(note, unverified(note).head(), keys);
  }

  /**
   * Reads what a note says, whoever signed it.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  public static FleetCheckpoint unverified(String note) {
    String text = SignedNote.text(note);
    try {
      FleetCheckpoint checkpoint = parse(text.lines().toList());
      if (checkpoint.text().equals(text)) {
        return checkpoint;
      }
      throw new IllegalArgumentException("its text is not in the usual form");
    } catch (DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException("a line cannot be read", e);
    }
  }

  private static FleetCheckpoint parse(List<String> lines) {
    if (lines.size() <= HEAD_LINES) {
      throw new IllegalArgumentException("more than " + HEAD_LINES + " lines were due");
    }
    int tips = HEAD_LINES + 1;
    Optional<String> rotation = Optional.empty();
    if (lines.size() > tips && lines.get(tips).startsWith(KEYS)) {
      rotation = Optional.of(lines.get(tips).substring(KEYS.length()));
      tips++;
    }
    return new FleetCheckpoint(
        CheckpointNote.after(CheckpointNote.ORIGIN_PREFIX, lines.get(0)),
        Long.parseLong(lines.get(1)),
        HexFormat.of().formatHex(Base64.getDecoder().decode(lines.get(2))),
        Instant.parse(CheckpointNote.after(TIME, lines.get(HEAD_LINES))),
        rotation,
        lines.stream().skip(tips).map(StreamTip::parse).toList());
  }
}
