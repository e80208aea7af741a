package dev.gatehouse.audit.personal;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts commitments in the place of a row's personal members, under {@code committed}. Called by
 * whoever appends rows; thread-safe.
 */
public final class Committer {

  /** A row as it enters the chain, and what it commits to. */
  public record Committed(Map<String, Object> fields, Disclosures disclosures) {}

  /** The member that holds a row's commitments, name by name. */
  public static final String COMMITTED = "committed";

  /** Random bytes by the hundred, since asking for a few costs as much. */
  private static final class Salts {
    private static final int SALTS = 256;
    private final SecureRandom random = new SecureRandom();
    private final byte[] bytes = new byte[SALTS * Disclosure.SALT_BYTES];
    private int used = bytes.length;

    String next() {
      if (used == bytes.length) {
        random.nextBytes(bytes);
        used = 0;
      }
      byte[] salt = Arrays.copyOfRange(bytes, used, used + Disclosure.SALT_BYTES);
      used += Disclosure.SALT_BYTES;
      return Disclosure.salt(salt);
    }
  }

  private static final ThreadLocal<Salts> SALTS = ThreadLocal.withInitial(Salts::new);

  private final PersonalFields personal;

  public Committer(PersonalFields personal) {
    this.personal = personal;
  }

  /**
   * Commits to the row's personal members.
   *
   * @throws IllegalArgumentException when one has no canonical form
   */
  public Committed commit(Map<String, Object> fields) {
    Map<String, Object> row = null;
    Map<String, Object> commitments = HashMap.newHashMap(personal.names().size());
    List<String> texts = new ArrayList<>(personal.names().size());
    for (String name : personal.names()) {
      Object value = fields.get(name);
      if (value != null) {
        row = row == null ? new HashMap<>(fields) : row;
        row.remove(name);
        String text = new Disclosure(SALTS.get().next(), name, value).text();
        texts.add(text);
        commitments.put(name, Disclosure.digest(text));
      }
    }
    if (row == null) {
      return new Committed(fields, Disclosures.NONE);
    }
    row.put(COMMITTED, commitments);
    String subject = fields.get(personal.subject()) instanceof String text ? text : "";
    return new Committed(row, new Disclosures(subject, texts));
  }
}
