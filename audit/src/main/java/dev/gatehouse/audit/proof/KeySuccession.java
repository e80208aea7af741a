package dev.gatehouse.audit.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.CheckpointNote;
import dev.gatehouse.audit.note.KeyRotation;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamWalker;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows that changed a lineage's keys, which a proof brings along: each is signed by the keys
 * before and those after, so that whoever trusts the first keys can follow to those that signed the
 * checkpoint.
 */
final class KeySuccession {

  /** Most changes of keys that a proof may bring along. */
  static final int ROTATIONS_MAX = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The row of a change at a start stands behind the opening or the recovery. */
  private static final int LAST_PLACE = 2;

  private KeySuccession() {}

  /** The texts of the rows up to and in a stream, oldest first. */
  static List<String> upTo(AuditLayout layout, WitnessDirectory witness, StreamName stream)
      throws IOException, BrokenChainException {
    List<String> rotations = new ArrayList<>();
    for (StreamName each : layout.lineages().getOrDefault(stream.lineage(), List.of())) {
      Optional<ExpiredStream> gone = ExpiredStream.of(layout, each);
      if (gone.isPresent() && each.epoch() <= stream.epoch()) {
        rotations.addAll(gone.get().rotations());
      } else if (each.epoch() <= stream.epoch()
          && AuditLayout.segmentCount(layout.stream(each)) > 0) {
        rotations.addAll(in(layout, each, changed(witness, each) ? Long.MAX_VALUE : LAST_PLACE));
      }
    }
    return rotations;
  }

  /** Whether keys changed between a stream's first checkpoint and its last: then all is read. */
  private static boolean changed(WitnessDirectory witness, StreamName stream) throws IOException {
    int last = witness.last(stream.toString());
    List<VerifierKey> keys = witness.keys();
    try {
      return last > 1
          && !CheckpointNote.signers(witness.text(stream.toString(), 1), keys)
              .equals(CheckpointNote.signers(witness.text(stream.toString(), last), keys));
    } catch (IllegalArgumentException e) {
      throw new IOException("checkpoints of " + stream + ": " + e.getMessage(), e);
    }
  }

  private static List<String> in(AuditLayout layout, StreamName stream, long lastPlace)
      throws IOException, BrokenChainException {
    List<String> rotations = new ArrayList<>();
    try (StreamWalker walker = StreamWalker.fromSegment(layout.stream(stream), stream, 0)) {
      while (walker.next() && walker.seq() <= lastPlace) {
        String text = walker.text();
        if (text.contains(ControlRows.KEY_ROTATED)
            && JSON.readTree(text).path("event").asText().equals(ControlRows.KEY_ROTATED)) {
          rotations.add(text);
        }
      }
    }
    return rotations;
  }

  /**
   * The trusted keys and those that follow them.
   *
   * @throws IllegalArgumentException when a row is not signed by all of its keys
   */
  static List<VerifierKey> following(List<VerifierKey> trusted, JsonNode rotations) {
    if (rotations.size() > ROTATIONS_MAX) {
      throw new IllegalArgumentException(
          "rotations: at most " + ROTATIONS_MAX + ", not " + rotations.size());
    }
    List<VerifierKey> known = new ArrayList<>(trusted);
    for (JsonNode text : rotations) {
      KeyRotation rotation = read(text.asText());
      if (known.containsAll(rotation.from())) {
        known.addAll(rotation.to());
      }
    }
    return known;
  }

  private static KeyRotation read(String text) {
    try {
      return KeyRotation.verified(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a change of keys that cannot be read", e);
    }
  }
}
