package dev.gatehouse.audit.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.verify.BodyLedger;
import dev.gatehouse.audit.verify.RowChecks;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that an export brings along, each held against the row in front of it. When it says
 * that it brings them, none may be left out. Single thread.
 */
final class BodyLines {

  private final BodyLedger ledger = new BodyLedger();
  private boolean said;
  private @Nullable ExportRow due;

  /** The export says that it brings bodies; false when it said so before. */
  boolean said() {
    boolean first = !said;
    said = true;
    return first;
  }

  /** A row that holds. */
  void row(ExportRow row, RowChecks checks) throws IOException {
    ledger.see(row, checks.event());
    due = said && checks.keepsBody() ? row : null;
  }

  /** Before anything that can only stand behind a row's body. */
  void requireGiven() throws BrokenChainException {
    if (due != null) {
      throw due.brokenHere("its body is due right behind it");
    }
  }

  /** A line about the body of the row in front of it; false when none is due there. */
  boolean take(JsonNode json) throws IOException, BrokenChainException {
    ExportRow row = due;
    JsonNode seq = json.path("seq");
    if (row == null || !seq.isIntegralNumber() || seq.asLong() != row.seq()) {
      return false;
    }
    due = null;
    String kind = json.path("kind").asText();
    if (kind.equals("body_gone") && json.size() == 2) {
      ledger.gone(row);
    } else if (kind.equals("body") && json.size() == 3 && json.path("body").isTextual()) {
      ledger.body(row, json.path("body").asText());
    } else if (kind.equals("body_erased") && json.size() == 3 && json.path("key").isTextual()) {
      ledger.erased(row, json.path("key").asText());
    } else {
      throw row.brokenHere("the line is not one that an export has here");
    }
    return true;
  }

  void streamExpired() {
    ledger.streamExpired();
  }

  /** At the end of the export. */
  List<String> end() throws BrokenChainException {
    ledger.end();
    return ledger.lines();
  }
}
