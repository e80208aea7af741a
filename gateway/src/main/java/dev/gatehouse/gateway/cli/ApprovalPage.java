package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A question as an approver reads it: who, what, why, and what would change. */
final class ApprovalPage {

  private ApprovalPage() {}

  static void print(JsonNode question, PrintStream out) {
    JsonNode risk = question.path("risk");
    out.println(cell(question, "id") + "  " + cell(question, "state"));
    line(out, "agent", cell(question, "agent") + ", owned by " + cell(question, "owner"));
    line(out, "session", cell(question, "session"));
    line(out, "tool", cell(question, "tool") + " on " + cell(question, "target"));
    line(out, "rule", cell(question, "rule") + ": " + cell(question, "reason"));
    line(out, "policies", cell(question, "policy_digest"));
    line(
        out,
        "risk",
        cell(risk, "total")
            + " = operation "
            + cell(risk, "operation")
            + " + connector "
            + cell(risk, "connector")
            + " + session "
            + cell(risk, "session")
            + " + target "
            + cell(risk, "target"));
    line(out, "approvers", approvers(question));
    line(out, "expires", cell(question, "expires_at"));
    line(out, "agent says", cell(question, "reasoning"));
    line(out, "decided by", cell(question, "decided_by"));
    out.println("  arguments");
    question
        .path("arguments")
        .properties()
        .forEach(member -> out.println("    " + member.getKey() + "  " + member.getValue()));
    state(question, out);
    blastRadius(question.path("blast_radius"), out);
    lastCalls(question, out);
  }

  private static void blastRadius(JsonNode radius, PrintStream out) {
    if (radius.isMissingNode()) {
      return;
    }
    out.println("  the agent can reach " + cell(radius, "tools") + " tools");
    for (JsonNode connector : radius.path("connectors")) {
      List<String> counts = new ArrayList<>();
      for (String type : List.of("read", "write", "containment", "destructive")) {
        if (connector.path(type).asInt() > 0) {
          counts.add(cell(connector, type) + " " + type);
        }
      }
      out.println(
          "    "
              + cell(connector, "connector")
              + " ("
              + cell(connector, "class")
              + ", "
              + cell(connector, "tier")
              + ")  "
              + String.join(", ", counts));
    }
  }

  private static void lastCalls(JsonNode question, PrintStream out) {
    if (!question.path("last_calls_known").asBoolean()) {
      out.println("  what it did last cannot be read from the record now");
      return;
    }
    out.println("  what it did last, this question included");
    for (JsonNode call : question.path("last_calls")) {
      out.println(
          "    "
              + cell(call, "at")
              + "  "
              + cell(call, "what")
              + "  "
              + cell(call, "verdict")
              + " by "
              + cell(call, "rule")
              + (call.has("risk") ? ", risk " + cell(call, "risk") : "")
              + "  "
              + cell(call, "row"));
    }
  }

  private static String approvers(JsonNode question) {
    String who =
        question.path("approvers").isEmpty()
            ? "any operator"
            : question.path("approvers").toString();
    JsonNode yes = question.path("approved_by");
    return who
        + ", "
        + yes.size()
        + " of "
        + cell(question, "quorum")
        + " said yes"
        + (yes.isEmpty() ? "" : " " + yes);
  }

  private static void state(JsonNode question, PrintStream out) {
    switch (cell(question, "state_of_target")) {
      case "reading" -> out.println("  the present state is being read; look again");
      case "unreadable" ->
          out.println(
              "  the present state could not be read: "
                  + cell(question, "state_unreadable_because")
                  + "; it can only be denied");
      case "read" -> {
        out.println("  against the state of " + cell(question, "state_read_at"));
        for (JsonNode line : question.path("diff")) {
          if (line.has("now")) {
            out.println("  - " + cell(line, "path") + "  " + line.path("now"));
          }
          out.println("  + " + cell(line, "path") + "  " + line.path("then"));
        }
        if (question.path("diff").isEmpty()) {
          out.println("    nothing of the arguments differs from it");
        }
      }
      default -> {} // nothing reads this target
    }
  }

  private static void line(PrintStream out, String name, String value) {
    if (!value.isEmpty()) {
      out.println("  " + name + " ".repeat(Math.max(1, 12 - name.length())) + value);
    }
  }
}
