package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.StreamTip;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.stamp.StampAuthorities;
import dev.gatehouse.audit.stamp.StampTally;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All fleet logs of a witness, each checked from its first checkpoint to its last: numbers without
 * a gap, times that do not decrease, every root recomputed, every note signed by the keys in force,
 * no stream made shorter or changed at one size. What they say of the streams is then held against
 * the rows, by {@link #over}. Its memory grows with the tips, some 150 bytes each. Single thread.
 */
public final class FleetCheck {

  /** What a fleet checkpoint says of a stream. */
  record Said(String log, long number, long rows, String link) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SortedMap<String, List<Said>> said = new TreeMap<>();
  private final Map<String, List<String>> roots = new HashMap<>();
  private final Optional<WitnessDirectory> witness;
  private final List<VerifierKey> trusted;
  private final StampTally stamps;

  private FleetCheck(
      Optional<WitnessDirectory> witness, List<VerifierKey> trusted, StampAuthorities authorities) {
    this.witness = witness;
    this.trusted = trusted;
    this.stamps = new StampTally(authorities);
  }

  /** Of no witness. */
  public static FleetCheck none() {
    return new FleetCheck(Optional.empty(), List.of(), StampAuthorities.nobody());
  }

  /**
   * Reads and checks the fleet logs.
   *
   * @param trusted the keys among which the first pair of each log must be
   * @param authorities whose time-stamps count
   * @throws BrokenChainException naming the log and the first checkpoint that does not hold
   */
  public static FleetCheck of(
      Optional<WitnessDirectory> witness, List<VerifierKey> trusted, StampAuthorities authorities)
      throws IOException, BrokenChainException {
    FleetCheck check = new FleetCheck(witness, trusted, authorities);
    if (witness.isPresent()) {
      for (String log : witness.get().fleetLogs()) {
        check.read(witness.get(), log);
      }
    }
    check.said.values().forEach(each -> each.sort(Comparator.comparingLong(Said::rows)));
    return check;
  }

  private void read(WitnessDirectory from, String log) throws IOException, BrokenChainException {
    KeyChain keys = KeyChain.of(trusted);
    MerkleTree tree = new MerkleTree(new ChainHasher());
    Map<StreamName, Said> lastSaid = new HashMap<>();
    Instant at = Instant.MIN;
    int last = from.last(log);
    for (int number = 1; number <= last; number++) {
      try {
        FleetCheckpoint checkpoint = from.readFleet(log, number);
        if (checkpoint.rotation().isPresent()) {
          String text = checkpoint.rotation().get();
          keys.rotated(text, JSON.readTree(text), true);
        }
        keys.verifiedFleet(from.text(log, number));
        if (checkpoint.at().isBefore(at)) {
          throw new IllegalArgumentException("its time lies before the one before it");
        }
        at = checkpoint.at();
        tree.append(checkpoint.leaf());
        if (!HexFormat.of().formatHex(tree.root()).equals(checkpoint.root())) {
          throw new IllegalArgumentException("it does not continue the checkpoints before it");
        }
        take(checkpoint, lastSaid);
        stamp(from, checkpoint, number);
      } catch (IllegalArgumentException | JsonProcessingException e) {
        throw new BrokenChainException(
            new BadRow(log, number, from.note(log, number), 0, String.valueOf(e.getMessage())));
      }
    }
  }

  private void stamp(WitnessDirectory from, FleetCheckpoint checkpoint, int number)
      throws IOException {
    Path file = from.stamp(checkpoint.log(), number);
    if (Files.exists(file)) {
      stamps.take(
          checkpoint.log(),
          number,
          bounded(file),
          from.text(checkpoint.log(), number),
          checkpoint.at());
    }
  }

  /** A longer one is refused by its length. */
  private static byte[] bounded(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(StampAuthorities.RESPONSE_BYTES_MAX + 1);
    }
  }

  /** What their time-stamps say, for people. */
  public List<String> stamps() {
    return stamps.lines();
  }

  private void take(FleetCheckpoint checkpoint, Map<StreamName, Said> lastSaid) {
    roots.computeIfAbsent(checkpoint.log(), _ -> new ArrayList<>()).add(checkpoint.root());
    for (StreamTip tip : checkpoint.tips()) {
      Said now = new Said(checkpoint.log(), checkpoint.number(), tip.rows(), tip.link());
      Said before = lastSaid.put(tip.stream(), now);
      if (before != null && before.rows() >= now.rows()) {
        throw new IllegalArgumentException(
            "%s has %d rows here, and had %d in checkpoint %d"
                .formatted(tip.stream(), now.rows(), before.rows(), before.number()));
      }
      said.computeIfAbsent(tip.stream().toString(), _ -> new ArrayList<>()).add(now);
    }
  }

  /** The streams that the logs name, in order. */
  public List<StreamName> streams() {
    return said.keySet().stream().map(StreamName::parse).flatMap(Optional::stream).toList();
  }

  /**
   * Holds the end of a stream whose rows are gone against these logs.
   *
   * @throws IllegalArgumentException saying which checkpoint says otherwise
   */
  void requireMet(ExpiredStream gone) {
    for (Said each : said.getOrDefault(gone.stream().toString(), List.of())) {
      ExpiredCheck.require(
          gone, each.rows(), each.link(), "checkpoint " + each.number() + " of " + each.log());
    }
  }

  /** Holds a stream's rows against these logs too. */
  public StreamNotes over(StreamNotes notes, StreamName stream) {
    return witness.isEmpty()
        ? notes
        : new FleetedStream(
            notes,
            said.getOrDefault(stream.toString(), List.of()),
            FleetCheckpoint.log(stream.lineage()),
            roots.getOrDefault(FleetCheckpoint.log(stream.lineage()), List.of()));
  }
}
