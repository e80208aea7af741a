package dev.gatehouse.audit.personal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.row.StoredRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows rows with the values that they commit to, for people; each value is held against its
 * commitment. What is shown is no longer what was hashed. Single thread.
 */
public final class Reveal {

  /** In the place of a value whose key was destroyed. */
  public static final String ERASED = "(erased)";

  private static final String ABSENT = "(not kept here)";
  private static final String OTHER = "(does not match its commitment)";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VaultReader vaults;

  private Reveal(VaultReader vaults) {
    this.vaults = vaults;
  }

  /** Shows the rows of an audit directory. */
  public static Reveal of(Path dir) {
    return new Reveal(reader(dir));
  }

  /** The vaults of an audit directory. */
  public static VaultReader reader(Path dir) {
    return new VaultReader(vaults(dir), "", new SubjectKeys(subjects(dir)));
  }

  /** Where an audit directory has its vaults. */
  public static Path vaults(Path dir) {
    return dir.resolve("disclosures");
  }

  /** Where an audit directory has the subjects' keys. */
  public static Path subjects(Path dir) {
    return dir.resolve("subjects");
  }

  /** The row with its values, or the row itself when it commits to nothing. */
  public StoredRow row(StoredRow row) throws IOException {
    if (!row.json().contains("\"" + Committer.COMMITTED + "\"")) {
      return row;
    }
    JsonNode tree = JSON.readTree(row.json());
    if (!(tree instanceof ObjectNode object)
        || !(object.remove(Committer.COMMITTED) instanceof ObjectNode commitments)) {
      return row;
    }
    Kept kept = vaults.of(row.receipt().stream(), row.receipt().seq());
    Map<String, Object> values = values(kept, commitments);
    commitments
        .fieldNames()
        .forEachRemaining(
            name -> object.set(name, JSON.valueToTree(values.getOrDefault(name, instead(kept)))));
    return new StoredRow(row.receipt(), row.at(), JSON.writeValueAsString(object));
  }

  private static Map<String, Object> values(Kept found, ObjectNode commitments) {
    Map<String, Object> values = new TreeMap<>();
    if (found instanceof Kept.Known(var kept)) {
      for (String text : Disclosures.texts(kept)) {
        Disclosure disclosure = Disclosure.parse(text);
        boolean same = commitments.path(disclosure.name()).asText().equals(Disclosure.digest(text));
        values.put(disclosure.name(), same ? disclosure.value() : OTHER);
      }
    }
    return values;
  }

  private static String instead(Kept kept) {
    return switch (kept) {
      case Kept.Erased _ -> ERASED;
      case Kept.Absent _, Kept.Known _ -> ABSENT;
    };
  }
}
