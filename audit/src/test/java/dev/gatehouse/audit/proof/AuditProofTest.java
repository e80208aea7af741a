package dev.gatehouse.audit.proof;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.note.KeyFiles;
import dev.gatehouse.audit.row.StoredRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs that are handed over without the log. */
class AuditProofTest {

  /** Where the second verifier finds a proof over changed keys. */
  private static final Path LEFT = Path.of("target", "proofs");

  private static final String STREAM = "gate1-1-standard";

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new LogFixture(temp);
  }

  private void elevenRows() {
    try (SegmentAuditLog log = fixture.open()) {
      for (int i = 0; i < 4; i++) {
        durable(log, event(i));
      }
      log.checkpoint();
      durable(log, event(9));
    }
  }

  private String trusted() throws IOException {
    return Files.readString(fixture.dir.resolve("keys/checkpoint.pub"));
  }

  @Test
  void everySignedRowCanBeProvedWithTheKeysAlone() throws Exception {
    elevenRows();
    List<StoredRow> rows = fixture.rows();
    for (int seq = 0; seq < rows.size(); seq++) {
      String proof = AuditProof.inclusion(fixture.dir, fixture.witness, STREAM, seq);
      assertThat(AuditProof.check(proof, Optional.of(trusted())))
          .contains("row " + seq + " of " + STREAM);
    }
    assertThatThrownBy(
            () -> AuditProof.inclusion(fixture.dir, fixture.witness, STREAM, rows.size()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no checkpoint covers row " + rows.size());
  }

  @Test
  void checkpointsProveThatTheyContinueEachOther() throws Exception {
    elevenRows();
    for (int older = 1; older <= 3; older++) {
      for (int newer = older; newer <= 3; newer++) {
        String proof = AuditProof.consistency(fixture.dir, fixture.witness, STREAM, older, newer);
        assertThat(AuditProof.check(proof, Optional.of(trusted()))).contains("begin with");
      }
    }
  }

  @Test
  void aChangedProofProvesNothing() throws Exception {
    elevenRows();
    String proof = AuditProof.inclusion(fixture.dir, fixture.witness, STREAM, 3);
    String other = AuditProof.inclusion(fixture.dir, fixture.witness, STREAM, 4);
    assertThat(proof).contains("\\\"number\\\":1");
    for (String forged :
        List.of(
            proof.replace("\\\"number\\\":1", "\\\"number\\\":2"),
            proof.replace("\"seq\" : 3", "\"seq\" : 4"),
            proof.replace("\"ts\" : ", "\"ts\" : 1"),
            proof.replaceFirst("\"link\" : \"[0-9a-f]{4}", "\"link\" : \"0000"),
            proof.replace(STREAM, "gate1-2-standard"),
            proof.replace(path(proof), path(other)))) {
      assertThat(forged).isNotEqualTo(proof);
      assertThatThrownBy(() -> AuditProof.check(forged, Optional.of(trusted())))
          .as(forged)
          .isInstanceOf(IllegalArgumentException.class);
    }
    LogFixture stranger = new LogFixture(Files.createDirectory(temp.resolve("stranger")));
    stranger.open().close();
    String theirs = Files.readString(stranger.dir.resolve("keys/checkpoint.pub"));
    assertThatThrownBy(() -> AuditProof.check(proof, Optional.of(theirs)))
        .hasMessageContaining("no known key");
  }

  @Test
  void whoTrustsTheFirstKeysFollowsTheirChanges() throws Exception {
    elevenRows();
    String first = trusted();
    String early = AuditProof.inclusion(fixture.dir, fixture.witness, STREAM, 3);
    for (int change = 0; change < 2; change++) {
      new KeyFiles(fixture.dir.resolve("keys")).prepare();
      fixture.open().close();
    }
    try (SegmentAuditLog log = fixture.open()) {
      log.rotateKey("ann"); // while it is written
    }
    String before = AuditProof.inclusion(fixture.dir, fixture.witness, "gate1-4-standard", 0);
    assertThat(AuditProof.check(before, Optional.of(first))).contains("gate1-4-standard");
    String proof = AuditProof.inclusion(fixture.dir, fixture.witness, "gate1-4-standard", 5);
    assertThat(AuditProof.check(proof, Optional.of(first))).contains("gate1-4-standard");
    assertThat(AuditProof.check(early, Optional.of(first))).contains(STREAM);
    Files.createDirectories(LEFT);
    Files.writeString(LEFT.resolve("rotated.json"), proof);
    Files.writeString(LEFT.resolve("first.pub"), first);

    String without = proof.replaceFirst("\"rotations\" : \\[ ", "\"rotations\" : [ ], \"x\" : [ ");
    assertThatThrownBy(() -> AuditProof.check(without, Optional.of(first)))
        .hasMessageContaining("no known key");
    String forged = proof.replaceFirst("(from_signatures[^A-Za-z0-9]{3,8}.{20})[^/]", "$1/");
    assertThat(forged).isNotEqualTo(proof);
    assertThatThrownBy(() -> AuditProof.check(forged, Optional.of(first)))
        .hasMessageContaining("not all of its four keys signed it");
  }

  private static String path(String json) {
    return json.substring(json.indexOf("\"path\""), json.indexOf("\"checkpoint\""));
  }

  @Test
  void pathsOfTreesOfAllSmallSizesLeadToTheirRoots() {
    ChainHasher hasher = new ChainHasher();
    List<byte[]> leaves = new ArrayList<>();
    List<byte[]> roots = new ArrayList<>();
    MerkleTree tree = new MerkleTree(hasher);
    roots.add(tree.root());
    for (int i = 0; i < 35; i++) {
      leaves.add(ChainHasher.sha256().digest(("leaf " + i).getBytes(StandardCharsets.UTF_8)));
      tree.append(leaves.get(i));
      roots.add(tree.root());
    }
    for (int size = 1; size <= leaves.size(); size++) {
      for (int index = 0; index < size; index++) {
        List<byte[]> path = path(RangeRoots.inclusion(index, size), leaves, size);
        byte[] leaf = leaves.get(index);
        assertThat(ProofPaths.includes(index, size, leaf, path, roots.get(size))).isTrue();
        assertThat(ProofPaths.includes(index, size, leaf, path, roots.get(size - 1))).isFalse();
        if (index > 0) {
          assertThat(ProofPaths.includes(index - 1, size, leaf, path, roots.get(size))).isFalse();
        }
        path = path(RangeRoots.consistency(index + 1, size), leaves, size);
        assertThat(
                ProofPaths.extendsTree(
                    index + 1, roots.get(index + 1), size, roots.get(size), path))
            .isTrue();
        assertThat(ProofPaths.extendsTree(index + 1, roots.get(index), size, roots.get(size), path))
            .isFalse();
      }
    }
  }

  private static List<byte[]> path(List<RangeRoots.Range> ranges, List<byte[]> leaves, int size) {
    RangeRoots roots = new RangeRoots(new ChainHasher(), ranges);
    for (int i = 0; i < size; i++) {
      roots.see(i, leaves.get(i));
    }
    return roots.roots();
  }
}
