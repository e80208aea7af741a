package dev.gatehouse.audit.projection;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.chain.StreamName;
import dev.gatehouse.core.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * OCSF 1.9: calls as API Activity (6003), the gateway's own events as Base Event (0), with the
 * profile {@code record_integrity}.
 *
 * <p>OCSF's attestation is over the event as it is projected: its fingerprint is the SHA-256 of the
 * event's RFC 8785 text without that fingerprint, and {@code prev_event} holds the one before of
 * the same stream, so that events form a chain of their own. {@code raw_data} is the row's text and
 * {@code raw_data_hash} the hash under which our chain holds it.
 */
final class OcsfLine implements RowLine {

  private static final String VERSION = "1.9.0";
  private static final int SHA_256 = 3;
  private static final int OTHER = 99;
  private static final int API_ACTIVITY = 6003;

  /** Within a value the quotation marks would be escaped, so this stands once. */
  private static final String ATTESTATIONS = "\"attestation_list\":[{";

  private record Previous(String uid, int type, String fingerprint) {}

  private final String product;
  private final Map<String, Previous> previous = new HashMap<>();

  /**
   * @param product the gateway's version
   */
  OcsfLine(String product) {
    this.product = product;
  }

  @Override
  public String of(ProjectedRow row) {
    Map<String, Object> event = row.ofCall() ? call(row) : base(0, 0, "Base Event", OTHER, "Other");
    event.put("time", row.stored().at().toEpochMilli());
    event.put("message", row.title());
    event.put("severity_id", row.severity().id());
    event.put("metadata", metadata(row));
    event.put("raw_data", row.stored().json());
    event.put("raw_data_hash", hash(row.payloadHash()));
    event.put("raw_data_size", row.textBytes());
    event.put("unmapped", Map.of("link", row.stored().receipt().link()));
    return attested(row, event);
  }

  private static Map<String, Object> base(
      int category, int type, String name, int activity, String activityName) {
    Map<String, Object> event = new HashMap<>();
    event.put("category_uid", category);
    event.put("class_uid", type);
    event.put("class_name", name);
    event.put("activity_id", activity);
    event.put("activity_name", activityName);
    event.put("type_uid", type * 100 + activity);
    return event;
  }

  private static Map<String, Object> call(ProjectedRow row) {
    Map<String, Object> event = activity(row);
    Map<String, Object> agent = named(row.text("agent"));
    Map<String, Object> actor = new HashMap<>(Map.of("user", agent));
    if (!row.text("session").isEmpty()) {
      actor.put("session", Map.of("uid", row.text("session")));
    }
    event.put("actor", actor);
    // Rows hold no address: an agent is known by its credential, wherever it comes from.
    event.put("src_endpoint", agent);
    event.put("api", api(row));
    if (!row.text("connector").isEmpty()) {
      event.put("dst_endpoint", Map.of("svc_name", row.text("connector")));
    }
    if (row.is("outcome")) {
      outcome(row, event);
    } else {
      verdict(row, event);
    }
    return event;
  }

  private static Map<String, Object> named(String name) {
    return Map.of("name", name.isEmpty() ? "unknown" : name, "uid", name);
  }

  private static Map<String, Object> activity(ProjectedRow row) {
    return switch (row.text("operation_type")) {
      case "read" -> base(6, API_ACTIVITY, "API Activity", 2, "Read");
      case "write" -> base(6, API_ACTIVITY, "API Activity", 3, "Update");
      case "destructive" -> base(6, API_ACTIVITY, "API Activity", 4, "Delete");
      default -> base(6, API_ACTIVITY, "API Activity", OTHER, row.title());
    };
  }

  private static Map<String, Object> api(ProjectedRow row) {
    Map<String, Object> api = new HashMap<>();
    api.put("operation", row.operation().isEmpty() ? row.text("type") : row.operation());
    if (!row.text("call_id").isEmpty()) {
      api.put("request", Map.of("uid", row.text("call_id")));
    }
    if (!row.text("connector").isEmpty()) {
      api.put("service", Map.of("name", row.text("connector")));
    }
    if (!row.text("error").isEmpty()) {
      Map<String, Object> response = new HashMap<>(Map.of("error_message", row.text("error")));
      if (!row.text("error_kind").isEmpty()) {
        response.put("error", row.text("error_kind"));
      }
      api.put("response", response);
    }
    return api;
  }

  private static void outcome(ProjectedRow row, Map<String, Object> event) {
    switch (row.text("outcome")) {
      case "completed" -> status(event, 1, "Success");
      case "failed" -> status(event, 2, "Failure");
      default -> status(event, 0, "Unknown");
    }
    if (row.fields().get("latency_us") instanceof Number micros) {
      event.put("duration", micros.longValue() / 1_000);
    }
  }

  private static void status(Map<String, Object> event, int id, String caption) {
    event.put("status_id", id);
    event.put("status", caption);
  }

  private static void verdict(ProjectedRow row, Map<String, Object> event) {
    String verdict = row.text("verdict");
    boolean allowed = verdict.equals("allow");
    event.put("action_id", allowed ? 1 : row.denied() ? 2 : OTHER);
    event.put("action", allowed ? "Allowed" : row.denied() ? "Denied" : verdict);
    event.put("disposition_id", allowed ? 1 : row.denied() ? 2 : OTHER);
    event.put("disposition", allowed ? "Allowed" : row.denied() ? "Blocked" : verdict);
    if (!row.text("reason").isEmpty()) {
      event.put("status_detail", row.text("reason"));
    }
    if (!row.text("rule").isEmpty()) {
      event.put("policy", Map.of("name", row.text("rule")));
    }
    if (row.fields().get("risk") instanceof Map<?, ?> risk
        && risk.get("total") instanceof Number total) {
      event.put("risk_score", total.longValue());
    }
  }

  private Map<String, Object> metadata(ProjectedRow row) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("version", VERSION);
    metadata.put(
        "product", Map.of("name", "Gatehouse", "vendor_name", "Gatehouse", "version", product));
    metadata.put("profiles", List.of("record_integrity", "security_control"));
    metadata.put("uid", row.uid());
    metadata.put("log_name", row.stored().receipt().stream());
    metadata.put("sequence", row.stored().receipt().seq());
    metadata.put("original_time", row.stored().at().toString());
    metadata.put("event_code", row.ofCall() ? row.text("type") : row.text("event"));
    if (!row.text("call_id").isEmpty()) {
      metadata.put("correlation_uid", row.text("call_id"));
    }
    return metadata;
  }

  private String attested(ProjectedRow row, Map<String, Object> event) {
    String stream = row.stored().receipt().stream();
    Map<String, Object> attestation = new HashMap<>();
    attestation.put("chain_uid", stream);
    StreamName.parse(stream)
        .ifPresent(name -> attestation.put("authority_uid", "gatehouse.audit/" + name.node()));
    Previous before = previous.get(stream);
    if (before != null) {
      attestation.put(
          "prev_event",
          Map.of(
              "uid", before.uid(),
              "type_uid", before.type(),
              "fingerprint", hash(before.fingerprint())));
    }
    event.put("attestation_list", List.of(attestation));
    byte[] serialized = CanonicalJson.exactBytes(event);
    String fingerprint = HexFormat.of().formatHex(ChainHasher.sha256().digest(serialized));
    int type = (Integer) event.getOrDefault("type_uid", 0);
    previous.put(stream, new Previous(row.uid(), type, fingerprint));
    return withFingerprint(new String(serialized, StandardCharsets.UTF_8), stream, fingerprint);
  }

  /**
   * The event's text with its fingerprint where canonical order has it: in the attestation, behind
   * the chain's name. Writing the whole event twice would be a third of a row's cost.
   */
  private static String withFingerprint(String event, String stream, String fingerprint) {
    String chain = "\"chain_uid\":\"" + stream + '"'; // a stream's name needs no escapes
    int at = event.indexOf(chain, event.indexOf(ATTESTATIONS)) + chain.length();
    return event.substring(0, at)
        + ",\"fingerprint\":{\"algorithm\":\"SHA-256\",\"algorithm_id\":"
        + SHA_256
        + ",\"value\":\""
        + fingerprint
        + "\"}"
        + event.substring(at);
  }

  private static Map<String, Object> hash(String hex) {
    return Map.of("algorithm", "SHA-256", "algorithm_id", SHA_256, "value", hex);
  }
}
