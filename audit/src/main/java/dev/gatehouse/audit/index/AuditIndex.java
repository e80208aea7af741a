package dev.gatehouse.audit.index;

import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.index.IndexFile.Cursor;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.read.RowFile;
import dev.gatehouse.audit.read.RowPlace;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  static final int TRANSACTION_ROWS_MAX = 50_000;

  /**
   * What one transaction took.
   *
   * @param more whether it took as much as it may, so that there are probably more
   */
  record Taken(int rows, boolean more) {}

  private static final Logger LOG = LoggerFactory.getLogger(AuditIndex.class);

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
    long rows = 0;
    Taken taken;
    do {
      taken = take();
      rows += taken.rows();
      progress.accept(rows);
    } while (taken.more());
    return rows;
  }

  /** Forgets everything and takes all rows in anew; returns how many. */
  public long rebuild(LongConsumer progress) throws IOException {
    replace();
    return catchUp(progress);
  }

  /** Takes rows in, as many as one transaction may. */
  Taken take() throws IOException {
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

  private Taken takeAnew() throws IOException {
    try {
      return transaction();
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private Taken transaction() throws IOException, SQLException {
    index.begin();
    boolean done = false;
    try {
      Map<String, Cursor> cursors = index.cursors();
      if (!cursors.values().stream().allMatch(this::stillThere)) {
        index.clear();
        cursors = Map.of();
      }
      int rows = 0;
      for (String lineage : AuditReader.lineages(dir)) {
        rows +=
            take(lineage, Optional.ofNullable(cursors.get(lineage)), TRANSACTION_ROWS_MAX - rows);
      }
      boolean more = rows == TRANSACTION_ROWS_MAX || index.full();
      index.flush();
      index.commit();
      done = true;
      return new Taken(rows, more);
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
    RowPlace place = null;
    int taken = 0;
    while (taken < rowsMax && !index.full() && reader.next()) {
      place = reader.place();
      add(place, reader.row());
      taken++;
    }
    if (place != null) {
      Cursor last = new Cursor(place, link(place));
      index.put(lineage, last);
      known.put(lineage, last);
    }
    return taken;
  }

  private void add(RowPlace place, WalkedRow row) throws IOException, SQLException {
    try {
      index.add(place, row);
    } catch (IllegalArgumentException e) {
      throw new IOException("row " + place.name() + ": " + e.getMessage(), e);
    }
  }

  /** The reader may stand in a later segment or stream by now. */
  private String link(RowPlace place) throws IOException {
    return rowFile
        .read(place)
        .orElseThrow(() -> new IOException("row " + place.name() + " does not hold"))
        .receipt()
        .link();
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
    AuditReader reader = AuditReader.unhashed(dir, lineage, start);
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
      return search(query);
    } catch (StaleIndexException e) {
      rebuildAsFarAsRowsHold();
    } catch (SQLException e) {
      if (!damaged(e)) {
        throw failed(file, e);
      }
      rebuild(_ -> {});
    }
    try {
      return search(query);
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private RowPage search(RowQuery query) throws IOException, SQLException {
    return new IndexSearch(index.sql(), rowFile, query).run();
  }

  /** What was taken before damage in the record stays. */
  private void rebuildAsFarAsRowsHold() {
    try {
      rebuild(_ -> {});
    } catch (IOException e) {
      LOG.warn("the index was built anew, and ends before damage: {}", e.getMessage());
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
