package dev.gatehouse.audit.read;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Frame;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.segment.AuditLayout;
import dev.gatehouse.core.audit.AuditReceipt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Reads single rows from where they lie, without what stands before them. Blocks on the disk. */
public final class RowFile {

  private final AuditLayout layout;

  /**
   * @param dir the audit directory
   */
  public RowFile(Path dir) {
    this.layout = new AuditLayout(dir);
  }

  /**
   * Reads a row.
   *
   * @return empty when another row or none lies at that place
   */
  public Optional<StoredRow> read(RowPlace place) throws IOException {
    Optional<Path> file = segment(place);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file.get(), StandardOpenOption.READ)) {
      byte[] length = bytes(channel, place.offsetBytes(), Integer.BYTES);
      int frameBytes = length.length == Integer.BYTES ? Frame.intAt(length, 0) : 0;
      if (!Frame.plausible(frameBytes)) {
        return Optional.empty();
      }
      byte[] frame = bytes(channel, place.offsetBytes(), frameBytes);
      return holds(frame, frameBytes, place.seq())
          ? Optional.of(row(place.stream(), frame))
          : Optional.empty();
    }
  }

  /**
   * Reads what lies one behind the other from a place on.
   *
   * @param bytes how much
   * @return empty when the segment is gone
   */
  public Optional<RowBlock> block(RowPlace first, int bytes) throws IOException {
    Optional<Path> file = segment(first);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file.get(), StandardOpenOption.READ)) {
      return Optional.of(new RowBlock(first, bytes(channel, first.offsetBytes(), bytes)));
    }
  }

  private Optional<Path> segment(RowPlace place) {
    return StreamName.parse(place.stream())
        .map(name -> AuditLayout.segment(layout.stream(name), place.segment()))
        .filter(Files::exists);
  }

  private static boolean holds(byte[] frame, int frameBytes, long seq) {
    if (frame.length != frameBytes
        || !Frame.intact(frame, 0, frameBytes)
        || Frame.longAt(frame, Frame.SEQ) != seq) {
      return false;
    }
    byte[] payload = Arrays.copyOfRange(frame, Frame.HEADER_BYTES, frameBytes);
    byte[] hash = ChainHasher.sha256().digest(payload);
    int at = Frame.PAYLOAD_HASH;
    return Arrays.equals(hash, 0, Frame.HASH_BYTES, frame, at, at + Frame.HASH_BYTES);
  }

  private static StoredRow row(String stream, byte[] frame) {
    HexFormat hex = HexFormat.of();
    String link = hex.formatHex(frame, Frame.LINK, Frame.LINK + Frame.HASH_BYTES);
    String text =
        new String(
            frame, Frame.HEADER_BYTES, frame.length - Frame.HEADER_BYTES, StandardCharsets.UTF_8);
    return StoredRow.of(
        new AuditReceipt(stream, Frame.longAt(frame, Frame.SEQ), link),
        Frame.longAt(frame, Frame.TS),
        text);
  }

  /** That many bytes, or fewer where the file ends. */
  private static byte[] bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, from + buffer.position());
      if (read <= 0) {
        return Arrays.copyOf(buffer.array(), buffer.position());
      }
    }
    return buffer.array();
  }
}
