package dev.gatehouse.audit.export;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.note.FleetCheckpoint;
import dev.gatehouse.audit.note.StreamTip;
import dev.gatehouse.audit.witness.WitnessDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The time-stamped fleet checkpoints of one lineage's log, by the stream and the row up to which
 * they speak. Holds numbers, not notes.
 */
final class StampedTips {

  private final WitnessDirectory witness;
  private final String log;
  private final Map<StreamName, Map<Long, List<Integer>>> numbers = new HashMap<>();

  private StampedTips(WitnessDirectory witness, String log) {
    this.witness = witness;
    this.log = log;
  }

  /** Looks a lineage's stamps up. */
  static StampedTips of(WitnessDirectory witness, String lineage) throws IOException {
    StampedTips tips = new StampedTips(witness, FleetCheckpoint.log(lineage));
    int last = witness.lastStamp(tips.log);
    for (int number = 1; number <= last; number++) {
      if (Files.exists(witness.stamp(tips.log, number))) {
        tips.look(number, lineage);
      }
    }
    return tips;
  }

  private void look(int number, String lineage) throws IOException {
    try {
      for (StreamTip tip : witness.readFleet(log, number).tips()) {
        if (tip.stream().lineage().equals(lineage)) {
          numbers
              .computeIfAbsent(tip.stream(), _ -> new HashMap<>())
              .computeIfAbsent(tip.rows(), _ -> new ArrayList<>())
              .add(number);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The export's lines behind this row. */
  List<String> lines(StreamName stream, long rows) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int number : numbers.getOrDefault(stream, Map.of()).getOrDefault(rows, List.of())) {
      lines.add(
          ExportFormat.stamp(
              witness.text(log, number), Files.readAllBytes(witness.stamp(log, number))));
    }
    return lines;
  }
}
