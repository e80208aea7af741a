package dev.gatehouse.audit.index;

import dev.gatehouse.audit.index.IndexFile.Cursor;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.read.RowFile;
import dev.gatehouse.audit.read.RowPlace;
import dev.gatehouse.audit.row.StoredRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The index of an audit directory, in {@code index.db}. It may be deleted at any time: what is
 * missing, damaged, of another version or about other rows than lie there is built anew.
 *
 * <p>Single thread; blocks on the disk. Other processes may use the same index.
 */
public final class AuditIndex implements Closeable {

  /** The index's name in the audit directory. */
  public static final String FILE = "index.db";

  /** Most rows that one transaction takes; bounds how long others wait for it. */
  static final int TRANSACTION_ROWS_MAX = 5_000;

  private final Path dir;
  private final Path file;
  private final RowFile rowFile;
  private final Map<String, AuditReader> readers = new HashMap<>();
  private final Map<String, Cursor> known = new HashMap<>();
  private IndexFile index;
  private @Nullable Object fileKey;

  private AuditIndex(Path dir, Path file, IndexFile index) throws IOException {
    this.dir = dir;
    this.file = file;
    this.rowFile = new RowFile(dir);
    this.index = index;
    this.fileKey = fileKey();
  }

  /**
   * Opens the index of a directory, or begins one.
   *
   * @throws IOException when the file cannot be read or written
   */
  public static AuditIndex open(Path dir) throws IOException {
    if (!Files.isDirectory(dir)) {
      throw new IOException("no audit log at " + dir);
    }
    Path file = dir.resolve(FILE);
    return new AuditIndex(dir, file, openFile(file));
  }

  private static IndexFile openFile(Path file) throws IOException {
    try {
      return IndexFile.open(file);
    } catch (SQLException e) {
      if (!damaged(e)) {
        throw failed(file, e);
      }
    }
    try {
      IndexFile.delete(file);
      return IndexFile.open(file);
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private static boolean damaged(SQLException e) {
    return e instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
            || (sqlite.getResultCode().code & 0xFF) == SQLiteErrorCode.SQLITE_CORRUPT.code);
  }

  private static IOException failed(Path file, SQLException e) {
    return new IOException("the index " + file + ": " + e.getMessage(), e);
  }

  /**
   * Takes in all rows that there are now.
   *
   * @param progress hears after each transaction how many rows were taken
   * @return how many
   * @throws IOException when a row does not hold, naming it, or a file fails; what was taken stays
   */
  public long catchUp(LongConsumer progress) throws IOException {
    long taken = 0;
    int more;
    do {
      more = take();
      taken += more;
      progress.accept(taken);
    } while (more >= TRANSACTION_ROWS_MAX);
    return taken;
  }

  /** Forgets everything and takes all rows in anew; returns how many. */
  public long rebuild(LongConsumer progress) throws IOException {
    replace();
    return catchUp(progress);
  }

  /** Takes rows in, as many as one transaction may; returns how many. */
  int take() throws IOException {
    try {
      if (!Objects.equals(fileKey, fileKey())) {
        reopen(); // somebody removed the file
      }
      return transaction();
    } catch (SQLException e) {
      if (!damaged(e)) {
        throw failed(file, e);
      }
      replace();
      return takeAnew();
    }
  }

  private int takeAnew() throws IOException {
    try {
      return transaction();
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private int transaction() throws IOException, SQLException {
    index.begin();
    boolean done = false;
    try {
      Map<String, Cursor> cursors = index.cursors();
      if (!cursors.values().stream().allMatch(this::stillThere)) {
        index.clear();
        cursors = Map.of();
      }
      int taken = 0;
      for (String lineage : AuditReader.lineages(dir)) {
        taken +=
            take(lineage, Optional.ofNullable(cursors.get(lineage)), TRANSACTION_ROWS_MAX - taken);
      }
      index.flush();
      index.commit();
      done = true;
      return taken;
    } finally {
      if (!done) {
        closeReaders(); // they are ahead of what was written
        index.rollback();
      }
    }
  }

  /** Whether the last row taken still lies where it lay. */
  private boolean stillThere(Cursor cursor) {
    if (known.containsValue(cursor)) {
      return true;
    }
    try {
      return rowFile
          .read(cursor.last())
          .filter(row -> row.receipt().link().equals(cursor.link()))
          .isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private int take(String lineage, Optional<Cursor> from, int rowsMax)
      throws IOException, SQLException {
    AuditReader reader = reader(lineage, from);
    int taken = 0;
    Cursor last = null;
    while (taken < rowsMax) {
      Optional<StoredRow> row = reader.poll();
      if (row.isEmpty()) {
        break;
      }
      RowPlace place = reader.place();
      index.add(place, row.get());
      last = new Cursor(place, row.get().receipt().link());
      taken++;
    }
    if (last != null) {
      index.put(lineage, last);
      known.put(lineage, last);
    }
    return taken;
  }

  private AuditReader reader(String lineage, Optional<Cursor> from) throws IOException {
    AuditReader open = readers.get(lineage);
    if (open != null && from.isPresent() && from.get().equals(known.get(lineage))) {
      return open;
    }
    if (open != null) {
      open.close();
    }
    Start start =
        from.<Start>map(at -> new Start.At(at.last().stream(), at.last().seq() + 1))
            .orElseGet(Start.Oldest::new);
    AuditReader reader = AuditReader.open(dir, lineage, start);
    readers.put(lineage, reader);
    from.ifPresentOrElse(at -> known.put(lineage, at), () -> known.remove(lineage));
    return reader;
  }

  /** How many rows of a stream were taken, as far as this index has seen. */
  long rowsOf(String stream) {
    return known.values().stream()
        .map(Cursor::last)
        .filter(last -> last.stream().equals(stream))
        .mapToLong(last -> last.seq() + 1)
        .findFirst()
        .orElse(0);
  }

  /**
   * Finds rows among those that were taken in.
   *
   * @throws IllegalArgumentException when the query names a row that is not there
   */
  public RowPage find(RowQuery query) throws IOException {
    try {
      return new IndexSearch(index.sql(), query).run();
    } catch (SQLException e) {
      if (!damaged(e)) {
        throw failed(file, e);
      }
    }
    rebuild(_ -> {});
    try {
      return new IndexSearch(index.sql(), query).run();
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private void replace() throws IOException {
    closeIndex();
    IndexFile.delete(file);
    reopen();
  }

  private void reopen() throws IOException {
    closeReaders();
    closeIndex();
    index = openFile(file);
    fileKey = fileKey();
  }

  private @Nullable Object fileKey() throws IOException {
    return Files.exists(file)
        ? Files.readAttributes(file, BasicFileAttributes.class).fileKey()
        : null;
  }

  private void closeReaders() throws IOException {
    known.clear();
    for (AuditReader reader : readers.values()) {
      reader.close();
    }
    readers.clear();
  }

  private void closeIndex() throws IOException {
    try {
      index.close();
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    closeReaders();
    closeIndex();
  }
}
