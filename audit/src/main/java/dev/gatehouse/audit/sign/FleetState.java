package dev.gatehouse.audit.sign;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.disk.DurableFiles;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.StreamTip;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a fleet log stands: its tree, and what it said last of each stream. Follows from the log's
 * checkpoints; a file repeats it, so that a start reads only those behind it. Single thread.
 *
 * <pre>{@code
 * gatehouse.audit fleet state 1
 * 3 2026-01-01T00:05:00Z
 * subtree 7d1f…hex…
 * subtree 02c4…hex…
 * tip gate1-7-standard 1204 9c41…hex…
 * ended gate1-6-standard 310 5be0…hex…
 * }</pre>
 */
final class FleetState {

  private static final Logger LOG = LoggerFactory.getLogger(FleetState.class);
  private static final String TITLE = "gatehouse.audit fleet state 1";
  private static final String SUBTREE = "subtree ";
  private static final String TIP = "tip ";
  private static final String ENDED = "ended ";

  private MerkleTree tree = new MerkleTree(new ChainHasher());
  private Instant at = Instant.EPOCH;
  private final Map<StreamName, StreamTip> tips = new HashMap<>();
  private final Map<StreamName, StreamTip> ended = new HashMap<>();

  /**
   * Reads where the log stands.
   *
   * @param file the file that repeats it; need not exist
   * @throws BrokenChainException when the witness holds other checkpoints than were kept there
   */
  static FleetState read(Path file, WitnessDirectory witness, String log)
      throws IOException, BrokenChainException {
    FleetState state = remembered(file).orElseGet(FleetState::new);
    int last = witness.last(log);
    if (state.tree.size() > last) {
      throw broken(
          witness.note(log, last + 1),
          log,
          last + 1,
          state.tree.size()
              + " checkpoints of this log were kept, and "
              + last
              + " are here; put them back");
    }
    for (int number = Math.toIntExact(state.tree.size()) + 1; number <= last; number++) {
      state.take(kept(witness, log, number));
    }
    if (last > 0 && !kept(witness, log, last).root().equals(state.root())) {
      throw broken(
          witness.note(log, last), log, last, "it is not the end of the log that was kept");
    }
    return state;
  }

  private static FleetCheckpoint kept(WitnessDirectory witness, String log, int number)
      throws IOException, BrokenChainException {
    try {
      return witness.readFleet(log, number);
    } catch (IllegalArgumentException e) {
      throw broken(witness.note(log, number), log, number, String.valueOf(e.getMessage()));
    }
  }

  private static BrokenChainException broken(Path file, String log, int number, String what) {
    return new BrokenChainException(new BadRow(log, number, file, 0, what));
  }

  private static Optional<FleetState> remembered(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(Files.readAllLines(file)));
    } catch (RuntimeException e) {
      LOG.warn("{} cannot be read, and is made anew from the witness: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private static FleetState parse(List<String> lines) {
    if (!lines.getFirst().equals(TITLE)) {
      throw new IllegalArgumentException("it is something else");
    }
    FleetState state = new FleetState();
    String[] head = lines.get(1).split(" ", -1);
    state.at = Instant.parse(head[1]);
    List<byte[]> subtrees = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      if (line.startsWith(SUBTREE)) {
        subtrees.add(HexFormat.of().parseHex(line.substring(SUBTREE.length())));
        continue;
      }
      boolean over = line.startsWith(ENDED);
      StreamTip tip = StreamTip.parse(over ? TIP + line.substring(ENDED.length()) : line);
      (over ? state.ended : state.tips).put(tip.stream(), tip);
    }
    state.tips.putAll(state.ended);
    state.tree = MerkleTree.of(new ChainHasher(), Long.parseLong(head[0]), subtrees);
    return state;
  }

  /** Repeats it in a file. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    text.append(tree.size()).append(' ').append(at).append('\n');
    for (byte[] subtree : tree.subtrees()) {
      text.append(SUBTREE).append(HexFormat.of().formatHex(subtree)).append('\n');
    }
    for (StreamTip tip : inOrder(tips)) {
      String line = tip.line();
      text.append(over(tip) ? ENDED + line.substring(TIP.length()) : line).append('\n');
    }
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    DurableFiles.replace(file, text.toString());
  }

  private boolean over(StreamTip tip) {
    return tip.equals(ended.get(tip.stream()));
  }

  private static List<StreamTip> inOrder(Map<StreamName, StreamTip> tips) {
    TreeMap<String, StreamTip> sorted = new TreeMap<>();
    tips.values().forEach(tip -> sorted.put(tip.stream().toString(), tip));
    return List.copyOf(sorted.values());
  }

  /** Takes the log's next checkpoint. */
  void take(FleetCheckpoint checkpoint) {
    tree.append(checkpoint.leaf());
    at = checkpoint.at();
    checkpoint.tips().forEach(tip -> tips.put(tip.stream(), tip));
  }

  /** The tree head with one more leaf. */
  String rootWith(byte[] leaf) {
    MerkleTree longer = MerkleTree.of(new ChainHasher(), tree.size(), tree.subtrees());
    longer.append(leaf);
    return HexFormat.of().formatHex(longer.root());
  }

  private String root() {
    return HexFormat.of().formatHex(tree.root());
  }

  long size() {
    return tree.size();
  }

  Instant at() {
    return at;
  }

  /** What was said last, of all streams. */
  Map<StreamName, StreamTip> tips() {
    return tips;
  }

  /** The end of a stream that another one follows, as far as it was looked up. */
  Optional<StreamTip> ended(StreamName stream) {
    return Optional.ofNullable(ended.get(stream));
  }

  void ended(StreamTip tip) {
    ended.put(tip.stream(), tip);
  }
}
