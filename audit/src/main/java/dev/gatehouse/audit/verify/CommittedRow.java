package dev.gatehouse.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.chain.WalkedRow;
import dev.gatehouse.audit.personal.Committer;
import dev.gatehouse.audit.personal.Disclosure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a row commits to, and whether disclosures are of it. */
public final class CommittedRow {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] MEMBER =
      ("\"" + Committer.COMMITTED + "\":{").getBytes(StandardCharsets.US_ASCII);

  private CommittedRow() {}

  /** Whether the row may commit to something: cheap, and never wrong when it says no. */
  public static boolean mayCommit(WalkedRow row) {
    byte[] text = row.buffer();
    int last = row.textAt() + row.textBytes() - MEMBER.length;
    for (int at = row.textAt(); at <= last; at++) {
      if (text[at] == 'c' && text[at - 1] == '"' && matches(text, at - 1)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] text, int at) {
    for (int i = 0; i < MEMBER.length; i++) {
      if (text[at + i] != MEMBER[i]) {
        return false;
      }
    }
    return true;
  }

  /** The row's commitments; without members when there are none. */
  public static JsonNode commitments(WalkedRow row) throws IOException {
    return JSON.readTree(row.text()).path(Committer.COMMITTED);
  }

  /** Why a line does not go with the row before it; empty when it does. */
  public static String check(String row, JsonNode line) {
    try {
      JsonNode commitments = row.isEmpty() ? JSON.nullNode() : commitments(row);
      if (commitments.isEmpty()) {
        return "disclosures of a row that commits to nothing";
      }
      boolean erased = line.path("kind").asText().equals("erased");
      return erased
          ? (line.size() == 2 ? "" : "the line is not one that an export has here")
          : check(commitments, line);
    } catch (IOException e) {
      return "a row that cannot be read";
    }
  }

  /** Why disclosures do not go with a row; empty when they do. */
  static String check(String row, List<String> texts) {
    return check(
        row,
        JSON.createObjectNode()
            .put("kind", "disclosed")
            .put("seq", 0)
            .set("disclosures", JSON.valueToTree(texts)));
  }

  private static JsonNode commitments(String row) throws IOException {
    return JSON.readTree(row).path(Committer.COMMITTED);
  }

  private static String check(JsonNode commitments, JsonNode line) {
    JsonNode texts = line.path("disclosures");
    if (line.size() != 3 || !texts.isArray() || texts.isEmpty()) {
      return "the line is not one that an export has here";
    }
    Set<String> names = new HashSet<>();
    for (JsonNode text : texts) {
      try {
        String name = Disclosure.parse(text.asText()).name();
        String digest = Disclosure.digest(text.asText());
        if (!names.add(name) || !commitments.path(name).asText().equals(digest)) {
          return "a disclosure of '" + name + "' that the row does not commit to";
        }
      } catch (IllegalArgumentException e) {
        return "a disclosure that cannot be read";
      }
    }
    return "";
  }
}
