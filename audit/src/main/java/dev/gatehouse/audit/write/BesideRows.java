package dev.gatehouse.audit.write;

import dev.gatehouse.audit.body.BodyStore;
import dev.gatehouse.audit.disk.NoRoomException;
import dev.gatehouse.audit.personal.Vault;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept beside the rows of a batch, durable before they are: disclosures and bodies. Single
 * thread, the stream's writer; blocks on the disk.
 *
 * @param vault where disclosures go; needed when rows commit to any
 * @param bodies where bodies go; needed when rows have any
 */
public record BesideRows(Optional<Vault> vault, Optional<BodyStore> bodies) implements Closeable {

  /** Nothing is kept beside rows. */
  public static final BesideRows NONE = new BesideRows(Optional.empty(), Optional.empty());

  /** So many bytes of bodies are begun in one batch. */
  private static final int BODY_BYTES_WANTED = 1 << 20;

  /** How many of these rows one batch takes, of so many that fit otherwise. */
  int fitting(Pending first, int count) {
    long bytes = 0;
    int fit = 0;
    for (Pending row = first; row != null && fit < count; row = row.next) {
      bytes += row.body.bytesMax();
      if (fit > 0 && bytes > BODY_BYTES_WANTED) {
        break;
      }
      fit++;
    }
    return fit;
  }

  /**
   * Makes sure that what is kept beside these rows fits.
   *
   * @param nextSeq the number of the first
   * @throws NoRoomException when the disk is full; may be tried again
   */
  void makeRoom(long nextSeq, List<Pending> batch) throws IOException {
    int disclosed = disclosedBytes(batch);
    if (disclosed > 0) {
      boolean _ = vault.orElseThrow().makeRoom(nextSeq, disclosed);
    }
    int kept = bodyBytes(batch);
    if (kept > 0) {
      bodies.orElseThrow().makeRoom(nextSeq, kept);
    }
  }

  /** Writes and syncs it, by the numbers that the rows are about to get; there must be room. */
  void keep(long nextSeq, List<Pending> batch) throws IOException {
    int disclosed = disclosedBytes(batch);
    if (disclosed > 0) {
      vault.orElseThrow().keep(disclosures(nextSeq, batch), disclosed);
    }
    int kept = bodyBytes(batch);
    if (kept > 0) {
      bodies.orElseThrow().keep(bodies(nextSeq, batch), kept);
    }
  }

  private static int disclosedBytes(List<Pending> batch) {
    int bytes = 0;
    for (Pending row : batch) {
      bytes += row.disclosures.any() ? row.disclosures.bytesMax() : 0;
    }
    return bytes;
  }

  private static int bodyBytes(List<Pending> batch) {
    int bytes = 0;
    for (Pending row : batch) {
      bytes += row.body.bytesMax();
    }
    return bytes;
  }

  private static List<Vault.Row> disclosures(long nextSeq, List<Pending> batch) {
    List<Vault.Row> rows = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).disclosures.any()) {
        rows.add(Vault.Row.of(nextSeq + i, batch.get(i).disclosures));
      }
    }
    return rows;
  }

  private static List<BodyStore.Beside> bodies(long nextSeq, List<Pending> batch) {
    List<BodyStore.Beside> rows = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).body.any()) {
        rows.add(new BodyStore.Beside(nextSeq + i, batch.get(i).body));
      }
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    IOException failed = closed(vault, null);
    failed = closed(bodies, failed);
    if (failed != null) {
      throw failed;
    }
  }

  private static @Nullable IOException closed(
      Optional<? extends Closeable> each, @Nullable IOException failed) {
    try {
      if (each.isPresent()) {
        each.get().close();
      }
      return failed;
    } catch (IOException e) {
      return e;
    }
  }
}
