package dev.gatehouse.audit.verify;

import dev.gatehouse.audit.chain.BadRow;
import dev.gatehouse.audit.chain.BrokenChainException;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.row.ControlRows;
import dev.gatehouse.audit.row.RowScanner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pairs each allowed intent with its outcome, through the streams of a lineage. Holds the calls
 * that are open, not those that are done. Single thread.
 */
public final class Pairing {

  /** More calls were never open at once by default; bounds a reader's memory. */
  public static final int OPEN_CALLS_MAX = 1_000_000;

  /** An allowed intent without an outcome yet, and its row's text where that is kept. */
  public record Open(BadRow place, String text) {}

  private static final String NO_OUTCOME = "its call was allowed and has no outcome";
  private final boolean recovering;
  private final Map<String, Open> open = new LinkedHashMap<>();

  private Pairing(boolean recovering) {
    this.recovering = recovering;
  }

  /** Through all streams of a lineage: an outcome must have its intent. */
  public static Pairing strict() {
    return new Pairing(false);
  }

  /**
   * Through one stream only: an outcome may belong to an intent of an earlier one. Keeps the text
   * of open intents, and of what carried one on.
   */
  public static Pairing recovering() {
    return new Pairing(true);
  }

  public void see(RowScanner row, WalkedRow at) throws BrokenChainException {
    switch (row.type()) {
      case "intent" -> intent(row, at);
      case "outcome" -> outcome(row, at);
      case "event" -> event(row, at);
      default -> {}
    }
  }

  private void intent(RowScanner row, WalkedRow at) throws BrokenChainException {
    if (!row.verdict().equals("allow") || row.callId().isEmpty()) {
      return;
    }
    if (open.size() >= OPEN_CALLS_MAX) {
      throw at.brokenHere("more than " + OPEN_CALLS_MAX + " calls without an outcome");
    }
    Open call = new Open(at.place(NO_OUTCOME), recovering ? at.text() : "");
    if (open.putIfAbsent(row.callId(), call) != null) {
      throw at.brokenHere("call " + row.callId() + " is allowed twice");
    }
  }

  private void event(RowScanner row, WalkedRow at) throws BrokenChainException {
    if (!row.event().equals(ControlRows.CARRIED)) {
      return;
    }
    if (recovering) {
      open.putIfAbsent(row.callId(), new Open(at.place(NO_OUTCOME), at.text()));
    } else if (!open.containsKey(row.callId())) {
      throw at.brokenHere("it carries on call " + row.callId() + ", which is not open");
    }
  }

  private void outcome(RowScanner row, WalkedRow at) throws BrokenChainException {
    boolean paired = row.callId().isEmpty() || open.remove(row.callId()) != null;
    if (!paired && !recovering) {
      throw at.brokenHere("an outcome of call " + row.callId() + ", which is not open");
    }
  }

  /**
   * Takes the calls that were open at the end of a stream whose rows are gone. Others from before
   * it are not: it carried them on, or recorded their outcomes when it recovered the stream in
   * front of it.
   */
  void ended(List<String> calls, BadRow place) {
    open.clear();
    BadRow row = new BadRow(place.stream(), 0, place.file(), 0, NO_OUTCOME);
    calls.forEach(call -> open.put(call, new Open(row, "")));
  }

  /** The calls without an outcome, oldest first. */
  public Map<String, Open> open() {
    return open;
  }

  public Optional<BadRow> oldest() {
    return open.values().stream().findFirst().map(Open::place);
  }
}
