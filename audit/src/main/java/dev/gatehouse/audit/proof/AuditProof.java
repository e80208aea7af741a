package dev.gatehouse.audit.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointNote;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.row.NotCanonicalException;
import dev.gatehouse.audit.row.RowScanner;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A proof that a person can hand over without handing over the log: one row and the hashes that
 * lead from it to a signed checkpoint, or two checkpoints and the hashes that show that the later
 * one's rows begin with the earlier one's.
 *
 * <p>A JSON file; {@code path} holds base64 hashes as RFC 6962 section 2.1 orders them, and {@code
 * checkpoint} the signed note; {@code rotations} leads from the log's first keys to its signers.
 */
public final class AuditProof {

  static final String INCLUSION = "gatehouse.inclusion/1";
  static final String CONSISTENCY = "gatehouse.consistency/1";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final AuditLayout layout;
  private final Path dir;
  private final WitnessDirectory witness;
  private final List<VerifierKey> keys;
  private final StreamName stream;

  private AuditProof(Path dir, Path witness, StreamName stream) throws IOException {
    this.layout = new AuditLayout(dir);
    this.dir = layout.stream(stream);
    this.witness = new WitnessDirectory(witness);
    this.keys = this.witness.keys();
    this.stream = stream;
  }

  /**
   * Proves that a row is in the record, under the first checkpoint that covers it.
   *
   * @return the proof, JSON
   * @throws IOException when no checkpoint covers the row yet, or the stream does not hold
   */
  public static String inclusion(Path dir, Path witness, String stream, long seq)
      throws IOException {
    AuditProof proof = of(dir, witness, stream);
    return proof.inclusion(seq, proof.firstCovering(seq));
  }

  /**
   * Proves that one checkpoint's rows begin with those of an earlier one.
   *
   * @param older the earlier checkpoint's number, from 1
   * @param newer the later one's number
   * @return the proof, JSON
   * @throws IOException when there is no such checkpoint, or the stream does not hold
   */
  public static String consistency(Path dir, Path witness, String stream, int older, int newer)
      throws IOException {
    AuditProof proof = of(dir, witness, stream);
    return proof.consistency(proof.checkpoint(older), proof.checkpoint(newer));
  }

  private static AuditProof of(Path dir, Path witness, String stream) throws IOException {
    StreamName name =
        StreamName.parse(stream).orElseThrow(() -> new IOException("no stream is named " + stream));
    if (Files.exists(new AuditLayout(dir).expired(name))) {
      throw new IOException(name + " expired; nothing in it can be proved any more");
    }
    return new AuditProof(dir, witness, name);
  }

  private Checkpoint checkpoint(int number) throws IOException {
    try {
      return witness.read(stream.toString(), number, keys);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Checkpoint firstCovering(long seq) throws IOException {
    int below = 0;
    int covering = witness.last(stream.toString());
    if (covering == 0 || checkpoint(covering).rows() <= seq) {
      throw new IOException(
          "no checkpoint covers row "
              + seq
              + " of "
              + stream
              + " yet; sign one with: gatehouse audit checkpoint");
    }
    while (covering - below > 1) {
      int middle = (below + covering) >>> 1;
      if (checkpoint(middle).rows() > seq) {
        covering = middle;
      } else {
        below = middle;
      }
    }
    return checkpoint(covering);
  }

  private String inclusion(long seq, Checkpoint checkpoint) throws IOException {
    if (seq < 0) {
      throw new IOException("rows count from 0, not " + seq);
    }
    ObjectNode proof = JSON.createObjectNode();
    proof.put("proof", INCLUSION).put("stream", stream.toString()).put("seq", seq);
    try (StreamWalker walker = StreamWalker.fromSegment(dir, stream, 0)) {
      RangeRoots roots =
          new RangeRoots(walker.hasher(), RangeRoots.inclusion(seq, checkpoint.rows()));
      MerkleTree tree = new MerkleTree(walker.hasher());
      while (walker.rows() < checkpoint.rows() && walker.next()) {
        byte[] leaf = walker.leaf();
        tree.append(leaf);
        roots.see(walker.seq(), leaf);
        if (walker.seq() == seq) {
          proof.put("ts", walker.tsMicros()).put("link", walker.linkHex());
          proof.put("row", walker.text());
        }
      }
      requireRoot(checkpoint, tree);
      return finished(proof, roots, checkpoint);
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private String consistency(Checkpoint older, Checkpoint newer) throws IOException {
    if (older.rows() > newer.rows()) {
      throw new IOException(
          "checkpoint %d covers more rows than checkpoint %d"
              .formatted(older.number(), newer.number()));
    }
    ObjectNode proof = JSON.createObjectNode();
    proof.put("proof", CONSISTENCY).put("stream", stream.toString());
    proof.put("older", witness.text(stream.toString(), older.number()));
    try (StreamWalker walker = StreamWalker.fromSegment(dir, stream, 0)) {
      RangeRoots roots =
          new RangeRoots(walker.hasher(), RangeRoots.consistency(older.rows(), newer.rows()));
      MerkleTree tree = new MerkleTree(walker.hasher());
      while (walker.rows() < newer.rows() && walker.next()) {
        byte[] leaf = walker.leaf();
        tree.append(leaf);
        roots.see(walker.seq(), leaf);
        if (tree.size() == older.rows()) {
          requireRoot(older, tree);
        }
      }
      requireRoot(newer, tree);
      return finished(proof, roots, newer);
    } catch (BrokenChainException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void requireRoot(Checkpoint checkpoint, MerkleTree tree) throws IOException {
    if (!checkpoint.root().equals(HexFormat.of().formatHex(tree.root()))) {
      throw new IOException(
          "checkpoint "
              + checkpoint.number()
              + " of "
              + checkpoint.stream()
              + " was signed over other rows than lie here; run: gatehouse audit verify");
    }
  }

  private String finished(ObjectNode proof, RangeRoots roots, Checkpoint checkpoint)
      throws IOException, BrokenChainException {
    var path = proof.putArray("path");
    roots.roots().forEach(root -> path.add(Base64.getEncoder().encodeToString(root)));
    proof.put("checkpoint", witness.text(stream.toString(), checkpoint.number()));
    var known = proof.putArray("keys");
    keys.forEach(key -> known.add(key.text()));
    var rotations = proof.putArray("rotations");
    KeySuccession.upTo(layout, witness, stream).forEach(rotations::add);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(proof) + "\n";
  }

  /**
   * Checks a proof.
   *
   * @param trusted verifier keys, one a line, or those from which recorded changes of keys lead to
   *     the signers; empty takes those that the proof brings along, which shows that it is whole
   *     but not who signed it
   * @return what it proves, for people
   * @throws IllegalArgumentException saying why it proves nothing
   */
  public static String check(String json, Optional<String> trusted) {
    JsonNode proof;
    try {
      proof = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the proof is not JSON", e);
    }
    List<VerifierKey> named = new ArrayList<>();
    trusted.ifPresentOrElse(
        text -> named.addAll(VerifierKey.parseAll(text)),
        () -> proof.path("keys").forEach(key -> named.add(VerifierKey.parse(key.asText()))));
    List<VerifierKey> keys = KeySuccession.following(named, proof.path("rotations"));
    Checkpoint checkpoint = CheckpointNote.verified(text(proof, "checkpoint"), keys);
    if (!checkpoint.stream().equals(text(proof, "stream"))) {
      throw new IllegalArgumentException("the checkpoint is one of another stream");
    }
    return switch (text(proof, "proof")) {
      case INCLUSION -> checkInclusion(proof, checkpoint);
      case CONSISTENCY ->
          checkConsistency(proof, CheckpointNote.verified(text(proof, "older"), keys), checkpoint);
      default -> throw new IllegalArgumentException("it is no proof of a kind known here");
    };
  }

  private static String checkInclusion(JsonNode proof, Checkpoint checkpoint) {
    long seq = number(proof, "seq");
    byte[] row = text(proof, "row").getBytes(StandardCharsets.UTF_8);
    try {
      new RowScanner().scan(row, 0, row.length);
    } catch (NotCanonicalException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    byte[] payloadHash = ChainHasher.sha256().digest(row);
    byte[] link = HexFormat.of().parseHex(text(proof, "link"));
    byte[] hashes = Arrays.copyOf(link, link.length + payloadHash.length);
    System.arraycopy(payloadHash, 0, hashes, link.length, payloadHash.length);
    byte[] leaf = new ChainHasher().leaf(seq, number(proof, "ts"), hashes);
    byte[] root = HexFormat.of().parseHex(checkpoint.root());
    if (!ProofPaths.includes(seq, checkpoint.rows(), leaf, path(proof), root)) {
      throw new IllegalArgumentException("the path does not lead from the row to the checkpoint");
    }
    return "row "
        + seq
        + " of "
        + checkpoint.stream()
        + " is in the record as signed at "
        + checkpoint.at();
  }

  private static String checkConsistency(JsonNode proof, Checkpoint older, Checkpoint newer) {
    boolean grown =
        older.stream().equals(newer.stream())
            && ProofPaths.extendsTree(
                older.rows(),
                HexFormat.of().parseHex(older.root()),
                newer.rows(),
                HexFormat.of().parseHex(newer.root()),
                path(proof));
    if (!grown) {
      throw new IllegalArgumentException("the path does not lead from one checkpoint to the other");
    }
    return "the %d rows of %s as signed at %s begin with the %d rows signed at %s"
        .formatted(newer.rows(), newer.stream(), newer.at(), older.rows(), older.at());
  }

  private static List<byte[]> path(JsonNode proof) {
    List<byte[]> path = new ArrayList<>();
    proof.path("path").forEach(hash -> path.add(Base64.getDecoder().decode(hash.asText())));
    if (path.size() > Long.SIZE
        || path.stream().anyMatch(hash -> hash.length != Frame.HASH_BYTES)) {
      throw new IllegalArgumentException("a path has 64 hashes of 32 bytes at most");
    }
    return path;
  }

  private static String text(JsonNode proof, String name) {
    if (!proof.path(name).isTextual()) {
      throw new IllegalArgumentException("the proof has no text " + name);
    }
    return proof.path(name).textValue();
  }

  private static long number(JsonNode proof, String name) {
    if (!proof.path(name).canConvertToLong() || !proof.path(name).isIntegralNumber()) {
      throw new IllegalArgumentException("the proof has no number " + name);
    }
    return proof.path(name).longValue();
  }
}
