package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.Inheritance;
import dev.gatehouse.audit.chain.MerkleTree;
import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.row.NotCanonicalException;
import dev.gatehouse.audit.row.RowScanner;
import java.io.IOException;

/**
 * Checks what the rows of a stream say, wherever they lie: that each is canonical, that the log's
 * own rows say what is so, that calls pair, and that every checkpoint is met. Bounded memory;
 * single thread.
 */
public final class RowChecks {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Inheritance from;
  private final Pairing pairing;
  private final StreamNotes notes;
  private final KeyChain keys;
  private final Expiries expiries;
  private final RowScanner row = new RowScanner();
  private final MerkleTree tree;
  private boolean sealed;
  private int carriedCalls;

  /**
   * @param from where the stream before ends; its rows are not used
   */
  public RowChecks(
      Inheritance from,
      Pairing pairing,
      StreamNotes notes,
      KeyChain keys,
      Expiries expiries,
      ChainHasher hasher) {
    this.from = from;
    this.pairing = pairing;
    this.notes = notes;
    this.keys = keys;
    this.expiries = expiries;
    this.tree = new MerkleTree(hasher);
  }

  /** Whether the stream was closed in order. */
  public boolean sealed() {
    return sealed;
  }

  /** Whether the row seen last commits to values that do not stand in it. */
  public boolean commits() {
    return row.commits();
  }

  /** Whether the row seen last says that its body is kept beside it. */
  public boolean keepsBody() {
    return row.keepsBody();
  }

  /** What the row seen last says that happened; empty when it is the row of a call. */
  public String event() {
    return row.type().equals("event") ? row.event() : "";
  }

  /** How many checkpoints were met. */
  public int checkpoints() {
    return notes.met();
  }

  /** The tree over the rows so far. */
  public MerkleTree tree() {
    return tree;
  }

  /** Ends the stream; returns where it ends. */
  public Tip end(WalkedRow at) throws IOException, BrokenChainException {
    if (at.rows() == 0) {
      throw at.brokenNext("the stream has no row");
    }
    notes.end(at);
    if (sealed && pairing.open().size() > carriedCalls) {
      throw new BrokenChainException(pairing.oldest().orElseThrow());
    }
    if (pairing.open().size() < carriedCalls) {
      throw at.brokenHere("it carries on " + carriedCalls + " calls, and fewer are open");
    }
    return new Tip(at.rows(), at.linkHex(), at.tsMicros());
  }

  /** Checks the row just read. */
  public void see(WalkedRow at) throws IOException, BrokenChainException {
    if (sealed) {
      throw at.brokenHere("a row behind the seal");
    }
    try {
      row.scan(at.buffer(), at.textAt(), at.textBytes());
    } catch (NotCanonicalException e) {
      throw at.brokenHere(String.valueOf(e.getMessage()));
    }
    if (at.seq() == 0 && at.tsMicros() < from.tip().tsMicros()) {
      throw at.brokenHere("its time lies before the end of the stream before");
    }
    tree.append(at.leaf());
    seeControlRow(at);
    pairing.see(row, at);
    notes.see(at, tree);
  }

  private void seeControlRow(WalkedRow at) throws IOException, BrokenChainException {
    String name = event();
    if (at.seq() == 0 != name.equals(ControlRows.OPENED)) {
      throw at.brokenHere("an opening row is the first of a stream, and only that");
    }
    boolean recoveryDue = at.seq() == 1 && !from.sealed();
    if (recoveryDue != name.equals(ControlRows.RECOVERED)) {
      throw at.brokenHere(
          recoveryDue
              ? "the stream before was not sealed, and no recovery is recorded here"
              : "a recovery is recorded where none was due");
    }
    switch (name) {
      case ControlRows.OPENED -> opened(at, json(at));
      case ControlRows.RECOVERED -> recovered(at, json(at));
      case ControlRows.CHECKPOINT -> notes.recorded(at, json(at));
      case ControlRows.KEY_ROTATED -> rotated(at, json(at));
      case ControlRows.STREAM_SEALED, ControlRows.EXPIRED -> expiries.row(at, name, json(at));
      case ControlRows.SEALED -> {
        sealed = true;
        carriedCalls = json(at).path(ControlRows.CARRIED_CALLS).asInt();
      }
      default -> {}
    }
  }

  private void rotated(WalkedRow at, JsonNode json) throws BrokenChainException {
    boolean starting = at.seq() == (from.sealed() ? 1 : 2);
    try {
      keys.rotated(at.text(), json, starting);
    } catch (IllegalArgumentException e) {
      throw at.brokenHere("a change of keys that does not hold: " + e.getMessage());
    }
  }

  private static JsonNode json(WalkedRow at) throws IOException {
    return JSON.readTree(at.text());
  }

  private void opened(WalkedRow at, JsonNode json) throws BrokenChainException {
    require(at, json, "stream", at.name().toString());
    require(at, json, "previous_stream", from.stream());
    require(at, json, "previous_sealed", Boolean.toString(from.sealed()));
    require(at, json, "previous_rows", Long.toString(from.tip().rows()));
    require(at, json, "previous_link", from.tip().link());
  }

  private void recovered(WalkedRow at, JsonNode json) throws BrokenChainException {
    require(at, json, "stream", from.stream());
    require(at, json, "rows", Long.toString(from.tip().rows()));
    require(at, json, "link", from.tip().link());
  }

  private static void require(WalkedRow at, JsonNode json, String name, String expected)
      throws BrokenChainException {
    String found = json.path(name).asText();
    if (!found.equals(expected)) {
      throw at.brokenHere(
          "its " + name + " is '" + found + "', and '" + expected + "' is what there is");
    }
  }
}
