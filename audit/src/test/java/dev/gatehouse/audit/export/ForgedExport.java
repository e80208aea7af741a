package dev.gatehouse.audit.export;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.note.Checkpoint;
import dev.gatehouse.audit.note.CheckpointKey;
import dev.gatehouse.audit.note.CheckpointNote;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An export taken apart, changed and put together again by somebody who recomputes every hash; who
 * may hold a key, and then signs every checkpoint anew and makes the log's own rows fit.
 */
final class ForgedExport {

  /** A row, or the place of a checkpoint. */
  record Item(String text, long ts, String note) {

    static Item row(String text, long ts) {
      return new Item(text, ts, "");
    }

    boolean isNote() {
      return !note.isEmpty();
    }
  }

  record Stream(String name, List<Item> items) {}

  private static final Pattern ROW =
      Pattern.compile(
          "\\{\"kind\":\"row\",\"link\":\"\\w+\",\"payload_hash\":\"\\w+\",\"row\":(.*),\"seq\":\\d+,\"ts\":(\\d+)}");

  private final List<String> head = new ArrayList<>();
  private final List<Stream> streams = new ArrayList<>();

  static ForgedExport of(String export) {
    ForgedExport parts = new ForgedExport();
    for (String line : export.lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        parts.last().add(Item.row(row.group(1), Long.parseLong(row.group(2))));
      } else if (line.startsWith("{\"kind\":\"stream\"")) {
        parts.streams.add(
            new Stream(
                line.substring(line.indexOf("\"name\":\"") + 8, line.length() - 2),
                new ArrayList<>()));
      } else if (line.startsWith("{\"kind\":\"checkpoint\"")) {
        parts.last().add(new Item("", 0, line));
      } else if (!line.startsWith("{\"checkpoints\"")) {
        parts.head.add(line);
      }
    }
    return parts;
  }

  private List<Item> last() {
    return streams.getLast().items();
  }

  List<Item> items(int stream) {
    return streams.get(stream).items();
  }

  List<Stream> streams() {
    return streams;
  }

  /** Where among a stream's items the row is. */
  int place(int stream, int seq) {
    int rows = -1;
    for (int i = 0; i < items(stream).size(); i++) {
      rows += items(stream).get(i).isNote() ? 0 : 1;
      if (rows == seq) {
        return i;
      }
    }
    throw new IllegalArgumentException("no row " + seq);
  }

  ForgedExport edited(int stream, int seq, UnaryOperator<String> change) {
    int place = place(stream, seq);
    Item row = items(stream).get(place);
    String changed = change.apply(row.text());
    if (changed.equals(row.text())) {
      throw new IllegalArgumentException("nothing changed in " + row.text());
    }
    items(stream).set(place, Item.row(changed, row.ts()));
    return this;
  }

  ForgedExport inserted(int stream, int seq, String text) {
    int place = place(stream, seq);
    items(stream).add(place, Item.row(text, items(stream).get(place).ts()));
    return this;
  }

  ForgedExport removed(int stream, int seq) {
    items(stream).remove(place(stream, seq));
    return this;
  }

  ForgedExport late(int stream, int seq, long ts) {
    int place = place(stream, seq);
    items(stream).set(place, Item.row(items(stream).get(place).text(), ts));
    return this;
  }

  ForgedExport without(int stream) {
    streams.remove(stream);
    return this;
  }

  /** Puts it together, every hash recomputed; with a key, every checkpoint signed anew. */
  String rechained(Optional<CheckpointKey> key) {
    return rechained(_ -> key);
  }

  /** The same, each stream signed by a key of its own. */
  String rechained(Function<String, Optional<CheckpointKey>> keys) {
    StringBuilder out = new StringBuilder();
    head.forEach(line -> out.append(line).append('\n'));
    ChainHasher hasher = new ChainHasher();
    byte[] previous = new byte[Frame.HASH_BYTES];
    long previousRows = 0;
    long rows = 0;
    int checkpoints = 0;
    for (Stream stream : streams) {
      StreamName name = StreamName.parse(stream.name()).orElseThrow();
      Optional<CheckpointKey> key = keys.apply(stream.name());
      out.append(ExportFormat.stream(name)).append('\n');
      MerkleTree tree = new MerkleTree(hasher);
      List<Checkpoint> signed = new ArrayList<>();
      byte[] link = hasher.genesis(previous, name);
      for (Item item : stream.items()) {
        if (item.isNote()) {
          checkpoints++;
          Checkpoint now = checkpoint(stream, signed.size() + 1, tree, link);
          signed.add(now);
          out.append(
                  key.map(known -> ExportFormat.checkpoint(CheckpointNote.sign(now, known)))
                      .orElse(item.note()))
              .append('\n');
          continue;
        }
        String text =
            key.isPresent() ? fitting(item.text(), signed, previous, previousRows) : item.text();
        byte[] payload = ChainHasher.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        hasher.link(link, tree.size(), item.ts(), payload, 0, link);
        byte[] hashes = new byte[2 * Frame.HASH_BYTES];
        System.arraycopy(link, 0, hashes, 0, Frame.HASH_BYTES);
        System.arraycopy(payload, 0, hashes, Frame.HASH_BYTES, Frame.HASH_BYTES);
        out.append(ascii(ExportFormat.beforeRow(hex(link), hex(payload)))).append(text);
        out.append(ascii(ExportFormat.afterRow(tree.size(), item.ts())));
        tree.append(hasher.leaf(tree.size(), item.ts(), hashes));
      }
      rows += tree.size();
      previous = link;
      previousRows = tree.size();
    }
    return out.append(ExportFormat.end(streams.size(), rows, checkpoints)).append('\n').toString();
  }

  private static Checkpoint checkpoint(Stream stream, int number, MerkleTree tree, byte[] link) {
    return new Checkpoint(
        stream.name(), number, tree.size(), hex(tree.root()), hex(link), Instant.EPOCH);
  }

  /** Makes what the log says about itself fit what it now is. */
  private static String fitting(
      String text, List<Checkpoint> signed, byte[] previous, long previousRows) {
    if (text.contains("\"event\":\"audit.opened\"")) {
      return text.replaceFirst(
              "\"previous_link\":\"\\w+\"", "\"previous_link\":\"" + hex(previous) + "\"")
          .replaceFirst("\"previous_rows\":\\d+", "\"previous_rows\":" + previousRows);
    }
    Matcher number = Pattern.compile("\"number\":(\\d+)").matcher(text);
    if (text.contains("\"event\":\"audit.checkpoint\"") && number.find()) {
      Checkpoint spoken = signed.get(Integer.parseInt(number.group(1)) - 1);
      return text.replaceFirst("\"root\":\"\\w+\"", "\"root\":\"" + spoken.root() + "\"")
          .replaceFirst("\"rows\":\\d+", "\"rows\":" + spoken.rows());
    }
    return text;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
