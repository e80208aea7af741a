package dev.gatehouse.audit.body;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.Digest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes from rows what is to be kept beside them, and lets the row say what became of it. Called by
 * whoever appends rows; thread-safe.
 */
public final class Bodies {

  /** A row as it goes on, and what is kept beside it. */
  public record Bodied(Map<String, Object> fields, Body body) {}

  /** The member by which a row says what became of its body. */
  public static final String MEMBER = "body";

  /** It lies beside the row. */
  public static final String KEPT = "kept";

  private static final String OF_REQUEST = "request_digest";
  private static final String OF_RESULT = "result_digest";

  /** The members that have digests of bodies. */
  public static final List<String> DIGESTS = List.of(OF_REQUEST, OF_RESULT);

  private static final String TOO_LONG = "too_long";

  /** The call did not have its arguments any more: it told the outcome of another one. */
  private static final String NOT_AT_HAND = "not_at_hand";

  /** It is not UTF-8, or begins like {@link BodyStore#LIKE}. */
  private static final String NOT_TEXT = "not_text";

  private final BodyRules rules;
  private final String subject;

  /**
   * @param subject the member that names the subject under whose key bodies are kept
   */
  public Bodies(BodyRules rules, String subject) {
    this.rules = rules;
    this.subject = subject;
  }

  /** The member that has the digest of the body of a row of that type. */
  public static String digestOf(String type) {
    return type.equals("outcome") ? OF_RESULT : OF_REQUEST;
  }

  /** The row with the fate of its body; the very same when bodies are not kept, or it has none. */
  public Bodied of(AuditRow row) {
    Optional<AuditBody> has = row.body().filter(body -> rules.kinds().contains(body.kind()));
    if (has.isEmpty()) {
      return new Bodied(row.fields(), Body.NONE);
    }
    byte[] bytes = has.get().bytes().get();
    String digest = has.get().digest().hex();
    if (bytes.length > rules.bytesMax()) {
      return new Bodied(with(row, TOO_LONG), Body.NONE);
    }
    String member = digestOf(String.valueOf(row.fields().get("type")));
    if (!Digest.of(bytes).equals(has.get().digest()) || !digest.equals(row.fields().get(member))) {
      return new Bodied(with(row, NOT_AT_HAND), Body.NONE);
    }
    if (!isText(bytes)) {
      return new Bodied(with(row, NOT_TEXT), Body.NONE);
    }
    String whose = row.fields().get(subject) instanceof String text ? text : "";
    return new Bodied(with(row, KEPT), new Body(whose, digest, bytes));
  }

  private static boolean isText(byte[] bytes) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return !text.toString().startsWith(BodyStore.LIKE);
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static Map<String, Object> with(AuditRow row, String said) {
    Map<String, Object> fields = new HashMap<>(row.fields());
    fields.put(MEMBER, said);
    return fields;
  }
}
