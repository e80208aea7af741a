package dev.gatehouse.audit.sign;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.expiry.ExpiredStream;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.CheckpointNote;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.StreamTip;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.audit.segment.StreamEnd;
import dev.gatehouse.audit.witness.WitnessDirectory;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The log in which the writer of one lineage says where all streams of the audit directory stand,
 * its own, those of others and those that ended: so that a stream which is left out later, or made
 * shorter, is missed by whoever holds any later checkpoint of the log.
 *
 * <p>Of its own stream it says what the checkpoint just taken says; of another that is still
 * written, what the last checkpoint kept about it says; of one that ended, what its last segment
 * holds. Not thread-safe; blocks on the disk.
 */
public final class FleetLog {

  /** Most streams named by one checkpoint; more wait for the next one. */
  public static final int TIPS_MAX = 10_000;

  private final AuditLayout layout;
  private final WitnessDirectory witness;
  private final String lineage;
  private final String log;
  private final InstantSource clock;
  private final int tipsMax;
  private final FleetState state;

  private FleetLog(
      AuditLayout layout,
      WitnessDirectory witness,
      String lineage,
      InstantSource clock,
      int tipsMax,
      FleetState state) {
    this.layout = layout;
    this.witness = witness;
    this.lineage = lineage;
    this.log = FleetCheckpoint.log(lineage);
    this.clock = clock;
    this.tipsMax = tipsMax;
    this.state = state;
  }

  /**
   * Reads where the log stands and looks for the streams that it names.
   *
   * @throws BrokenChainException when one is gone, or the witness holds another log than was kept
   */
  public static FleetLog open(
      AuditLayout layout, WitnessDirectory witness, String lineage, InstantSource clock)
      throws IOException, BrokenChainException {
    return open(layout, witness, lineage, clock, TIPS_MAX);
  }

  static FleetLog open(
      AuditLayout layout,
      WitnessDirectory witness,
      String lineage,
      InstantSource clock,
      int tipsMax)
      throws IOException, BrokenChainException {
    FleetState state =
        FleetState.read(layout.fleetState(lineage), witness, FleetCheckpoint.log(lineage));
    FleetLog fleet = new FleetLog(layout, witness, lineage, clock, tipsMax, state);
    Map<String, List<StreamName>> lineages = layout.lineages();
    for (StreamName named : state.tips().keySet()) {
      if (!lineages.getOrDefault(named.lineage(), List.of()).contains(named)) {
        throw fleet.broken(named, "the fleet log holds its tip, and the stream is gone");
      }
    }
    for (List<StreamName> streams : lineages.values()) {
      fleet.lookUpEnded(streams);
    }
    return fleet;
  }

  private void lookUpEnded(List<StreamName> streams) throws IOException, BrokenChainException {
    for (StreamName stream : streams.subList(0, streams.size() - 1)) {
      if (state.ended(stream).isEmpty()) {
        state.ended(end(stream));
      }
    }
  }

  private StreamTip end(StreamName stream) throws IOException, BrokenChainException {
    try {
      Optional<ExpiredStream> gone = ExpiredStream.of(layout, stream);
      Tip tip = gone.isPresent() ? gone.get().tip() : StreamEnd.of(layout, stream);
      return new StreamTip(stream, tip.rows(), tip.link());
    } catch (IllegalArgumentException e) {
      throw broken(stream, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Says where all streams stand now, and keeps that.
   *
   * @param own the checkpoint just taken of the stream that is written here
   * @param rotation the members of the row that changed the keys since the last statement, if any
   * @throws BrokenChainException when a stream has become shorter
   * @throws IOException when the checkpoint cannot be kept
   */
  FleetCheckpoint take(Checkpoint own, CheckpointKey key, Optional<Map<String, Object>> rotation)
      throws IOException, BrokenChainException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant at = now.isBefore(state.at()) ? state.at() : now;
    FleetCheckpoint draft =
        new FleetCheckpoint(
            log,
            state.size() + 1,
            "0".repeat(64),
            at,
            rotation.map(CanonicalJson::text),
            moved(own).stream().limit(tipsMax).toList());
    FleetCheckpoint checkpoint =
        new FleetCheckpoint(
            log, draft.number(), state.rootWith(draft.leaf()), at, draft.rotation(), draft.tips());
    witness.keep(checkpoint, key);
    state.take(checkpoint);
    state.write(layout.fleetState(lineage));
    return checkpoint;
  }

  /** The tips that differ from what was said last, in the order of their streams. */
  private List<StreamTip> moved(Checkpoint own) throws IOException, BrokenChainException {
    TreeMap<String, StreamTip> moved = new TreeMap<>();
    for (List<StreamName> streams : layout.lineages().values()) {
      lookUpEnded(streams);
      for (StreamTip tip : tips(streams, own)) {
        StreamTip said = state.tips().get(tip.stream());
        if (said != null && said.rows() > tip.rows()) {
          throw broken(
              tip.stream(), "it has " + tip.rows() + " rows, and had " + said.rows() + " before");
        }
        if (!tip.equals(said)) {
          moved.put(tip.stream().toString(), tip);
        }
      }
    }
    return List.copyOf(moved.values());
  }

  private List<StreamTip> tips(List<StreamName> streams, Checkpoint own)
      throws IOException, BrokenChainException {
    List<StreamTip> tips = new ArrayList<>();
    for (StreamName stream : streams) {
      if (stream.toString().equals(own.stream())) {
        tips.add(new StreamTip(stream, own.rows(), own.link()));
      } else if (stream.equals(streams.getLast())) {
        kept(stream).ifPresent(tips::add);
      } else {
        state.ended(stream).ifPresent(tips::add);
      }
    }
    return tips;
  }

  /** What another process kept last about the stream that it writes. */
  private Optional<StreamTip> kept(StreamName stream) throws IOException, BrokenChainException {
    int last = witness.last(stream.toString());
    if (last == 0) {
      return Optional.empty();
    }
    try {
      Checkpoint kept = CheckpointNote.unverified(witness.text(stream.toString(), last));
      return Optional.of(new StreamTip(stream, kept.rows(), kept.link()));
    } catch (IllegalArgumentException e) {
      throw broken(stream, "its last checkpoint cannot be read: " + e.getMessage());
    }
  }

  private BrokenChainException broken(StreamName stream, String what) {
    return new BrokenChainException(
        new BadRow(stream.toString(), 0, layout.stream(stream), 0, what));
  }
}
