package dev.gatehouse.audit.projection;

import dev.gatehouse.audit.row.StoredRow;
import java.util.Map;

/** A row with what every projection asks of it. */
final class ProjectedRow {

  /** How much attention it asks for, in the numbers of OCSF. */
  enum Severity {
    INFORMATIONAL(1),
    LOW(2),
    MEDIUM(3);

    private final int id;

    Severity(int id) {
      this.id = id;
    }

    int id() {
      return id;
    }
  }

  private final StoredRow stored;
  private final String payloadHash;
  private final int textBytes;
  private final Map<String, Object> fields;

  /**
   * @param payloadHash the hash under which the chain holds its text
   * @param textBytes length of its text
   */
  ProjectedRow(StoredRow stored, String payloadHash, int textBytes) {
    this.stored = stored;
    this.payloadHash = payloadHash;
    this.textBytes = textBytes;
    this.fields = stored.fields();
  }

  StoredRow stored() {
    return stored;
  }

  Map<String, Object> fields() {
    return fields;
  }

  /** A member that is text; empty when there is none. */
  String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  boolean is(String type) {
    return text("type").equals(type);
  }

  /** Whether it is about a call, and not about the gateway itself. */
  boolean ofCall() {
    return !is("event");
  }

  /** Stream and number, which name it for good. */
  String uid() {
    return stored.receipt().stream() + "/" + stored.receipt().seq();
  }

  /** What is done: a tool, or what kind of call it is. */
  String operation() {
    if (!ofCall()) {
      return text("event");
    }
    return text("tool").isEmpty() ? text("action_type") : text("tool");
  }

  /** A few words: what kind of row, and how it went. */
  String title() {
    if (!ofCall()) {
      return text("event");
    }
    String result = is("outcome") ? text("outcome") : text("verdict");
    return (text("type") + " " + operation() + " " + result).strip();
  }

  boolean denied() {
    return text("verdict").equals("deny");
  }

  Severity severity() {
    if (denied()) {
      return Severity.MEDIUM;
    }
    boolean unsure = is("outcome") && !text("outcome").equals("completed");
    return unsure ? Severity.LOW : Severity.INFORMATIONAL;
  }

  String payloadHash() {
    return payloadHash;
  }

  int textBytes() {
    return textBytes;
  }
}
