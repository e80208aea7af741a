package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.body.Bodies;
import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.core.json.Digest;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that rows say were kept, held against the rows; and those that are not there, held
 * against the rows that say why: that they were let go, or that their subject was erased. Such rows
 * come later, so the end of the record settles it. Memory grows with streams and erased subjects,
 * not with rows. Single thread.
 */
public final class BodyLedger {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOBODY_SAYS = "its body is not here, and no row says that it was ";

  /** The rows of a stream without their bodies, up to the first one with it; then the next one. */
  private static final class Gone {
    private @Nullable BadRow first;
    private @Nullable BadRow last;
    private @Nullable BadRow hole;
    private boolean present;

    void add(BadRow row) {
      if (present) {
        hole = hole == null ? row : hole;
      } else {
        first = first == null ? row : first;
        last = row;
      }
    }

    /** The row that should have its body, when those below that number need not. */
    @Nullable BadRow wrong(long below) {
      if (last != null && last.seq() >= below) {
        return first != null && first.seq() >= below ? first : last;
      }
      return hole != null && hole.seq() >= below ? hole : null;
    }
  }

  private final Map<String, Gone> gone = new LinkedHashMap<>();
  private final Map<String, Long> letGo = new HashMap<>();
  private final Map<String, BadRow> erased = new LinkedHashMap<>();
  private final Set<String> erasures = new HashSet<>();
  private boolean expired;
  private long here;
  private long erasedRows;
  private long goneRows;

  /**
   * Takes a row that may say what became of bodies.
   *
   * @param event what it says that happened; empty when it is the row of a call
   */
  public void see(WalkedRow row, String event) throws IOException {
    if (event.equals(ControlRows.ERASED)) {
      erasures.add(JSON.readTree(row.text()).path("key").asText());
    } else if (event.equals(ControlRows.BODIES_LET_GO)) {
      JsonNode json = JSON.readTree(row.text());
      letGo.merge(json.path("stream").asText(), json.path("below").asLong(), Math::max);
    }
  }

  /** A stream's rows are gone: what they may have said of others is not known. */
  public void streamExpired() {
    expired = true;
  }

  /** Holds a row's body against the row. */
  public void body(WalkedRow row, String body) throws IOException, BrokenChainException {
    JsonNode json = JSON.readTree(row.text());
    String digest = json.path(Bodies.digestOf(json.path("type").asText())).asText();
    if (!Digest.of(BodyReader.bytes(body)).hex().equals(digest)) {
      throw row.brokenHere("its body is not what its digest is of");
    }
    of(row).present = true;
    here++;
  }

  /** A row's body whose key was destroyed. */
  public void erased(WalkedRow row, String key) {
    erased.putIfAbsent(key, row.place(NOBODY_SAYS + "erased"));
    of(row).present = true;
    erasedRows++;
  }

  /** A row's body that is not there. */
  public void gone(WalkedRow row) {
    of(row).add(row.place(NOBODY_SAYS + "let go"));
    goneRows++;
  }

  private Gone of(WalkedRow row) {
    return gone.computeIfAbsent(row.name().toString(), _ -> new Gone());
  }

  /** At the end of the record: everything that is not there must have been explained. */
  public void end() throws BrokenChainException {
    for (Map.Entry<String, Gone> each : gone.entrySet()) {
      BadRow wrong = each.getValue().wrong(letGo.getOrDefault(each.getKey(), 0L));
      if (wrong != null) {
        throw new BrokenChainException(wrong);
      }
    }
    for (Map.Entry<String, BadRow> each : erased.entrySet()) {
      if (!erasures.contains(each.getKey()) && !expired) {
        throw new BrokenChainException(each.getValue());
      }
    }
  }

  /** What was found, for people. */
  public List<String> lines() {
    return here + erasedRows + goneRows == 0
        ? List.of()
        : List.of(
            "of rows whose body was kept, %,d have it here, %,d had it erased, %,d had it let go"
                .formatted(here, erasedRows, goneRows));
  }
}
