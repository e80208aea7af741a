package dev.gatehouse.audit.export;

import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.core.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The lines of an export: NDJSON in RFC 8785 form, to the byte.
 *
 * <pre>{@code
 * {"format":1,"kind":"export"}
 * {"key":"gatehouse.audit/gate1+…","kind":"key"}
 * {"kind":"stream","name":"gate1-1-standard"}
 * {"kind":"row","link":"…","payload_hash":"…","row":{…},"seq":0,"ts":1767225600000000}
 * {"disclosures":["…"],"kind":"disclosed","seq":0}
 * {"kind":"erased","seq":0}
 * {"kind":"checkpoint","note":"gatehouse.audit/gate1-1-standard\n1\n…"}
 * {"kind":"stamp","note":"gatehouse.audit/fleet/gate1-standard\n1\n…","response":"…"}
 * {"kind":"expired","row":{…}}
 * {"kind":"bodies"}
 * {"body":"{\"id\":7}","kind":"body","seq":0}
 * {"key":"…","kind":"body_erased","seq":0}
 * {"kind":"body_gone","seq":0}
 * {"checkpoints":1,"kind":"end","rows":1,"streams":1}
 * }</pre>
 *
 * <p>The fifth and sixth kind stand right behind the row that they are about, if anywhere: the
 * disclosures (RFC 9901) of some of its commitments, each once; or that they were erased. A stamp
 * stands behind the checkpoint that was signed with its note; {@code response} is base64 of RFC
 * 3161's.
 *
 * <p>A line {@code bodies} in front of all streams says that every row that keeps its body has it
 * behind it, and behind its disclosures; or a line that it was erased, with the key that was, or
 * that it was let go. Without that line there are none.
 */
final class ExportFormat {

  static final String HEADER = "{\"format\":1,\"kind\":\"export\"}";

  /** What stands before the row that says what stays of a stream. */
  static final String EXPIRED = "{\"kind\":\"expired\",\"row\":";

  /** What says that bodies follow. */
  static final String BODIES = "{\"kind\":\"bodies\"}";

  /** Where damage lies that comes before the first stream. */
  static final String NO_STREAM = "export";

  private ExportFormat() {}

  static String key(VerifierKey key) {
    return CanonicalJson.text(Map.of("kind", "key", "key", key.text()));
  }

  static String stream(StreamName name) {
    return CanonicalJson.text(Map.of("kind", "stream", "name", name.toString()));
  }

  static String expired(String row) {
    return EXPIRED + row + "}";
  }

  static String checkpoint(String note) {
    return CanonicalJson.text(Map.of("kind", "checkpoint", "note", note));
  }

  static String stamp(String note, byte[] response) {
    return CanonicalJson.text(
        Map.of(
            "kind",
            "stamp",
            "note",
            note,
            "response",
            Base64.getEncoder().encodeToString(response)));
  }

  static String end(int streams, long rows, int checkpoints) {
    return CanonicalJson.text(
        Map.of("kind", "end", "streams", streams, "rows", rows, "checkpoints", checkpoints));
  }

  static String disclosed(long seq, List<String> texts) {
    return CanonicalJson.text(Map.of("kind", "disclosed", "seq", seq, "disclosures", texts));
  }

  static String erased(long seq) {
    return CanonicalJson.text(Map.of("kind", "erased", "seq", seq));
  }

  static String body(long seq, String body) {
    return CanonicalJson.text(Map.of("kind", "body", "seq", seq, "body", body));
  }

  static String bodyErased(long seq, String key) {
    return CanonicalJson.text(Map.of("kind", "body_erased", "seq", seq, "key", key));
  }

  static String bodyGone(long seq) {
    return CanonicalJson.text(Map.of("kind", "body_gone", "seq", seq));
  }

  /** What stands before a row's text. */
  static byte[] beforeRow(String link, String payloadHash) {
    return ("{\"kind\":\"row\",\"link\":\""
            + link
            + "\",\"payload_hash\":\""
            + payloadHash
            + "\",\"row\":")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** What stands behind it. */
  static byte[] afterRow(long seq, long tsMicros) {
    return (",\"seq\":" + seq + ",\"ts\":" + tsMicros + "}\n").getBytes(StandardCharsets.US_ASCII);
  }
}
