package dev.gatehouse.audit.projection;

import static dev.gatehouse.audit.LogFixture.durable;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditProjectionTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What breaks lines, headers and values apart. */
  private static final String NASTY = "a|b=c\\d\"e]f\ng\rh\u2028i[j\tk\\|l\\=m€𝄞\u001b[31m";

  @TempDir Path temp;
  LogFixture fixture;

  @BeforeEach
  void aRecord() {
    fixture = new LogFixture(temp);
    try (SegmentAuditLog log = fixture.open()) {
      Map<String, Object> intent = new HashMap<>();
      intent.put("v", 1);
      intent.put("type", "intent");
      intent.put("call_id", "c1");
      intent.put("agent", NASTY);
      intent.put("session", "s1");
      intent.put("connector", "files");
      intent.put("tool", "files__" + NASTY);
      intent.put("action_type", "tool.call");
      intent.put("operation_type", "write");
      intent.put("verdict", "allow");
      intent.put("rule", NASTY);
      intent.put("reason", NASTY);
      intent.put("risk", Map.of("total", 42));
      durable(log, new AuditRow(intent));
      durable(
          log,
          new AuditRow(
              Map.of(
                  "type",
                  "outcome",
                  "call_id",
                  "c1",
                  "agent",
                  "a1",
                  "action_type",
                  "tool.call",
                  "outcome",
                  "failed",
                  "error",
                  NASTY,
                  "latency_us",
                  2_500)));
      durable(
          log,
          new AuditRow(
              Map.of(
                  "type",
                  "intent",
                  "call_id",
                  "c2",
                  "agent",
                  "a1",
                  "action_type",
                  "llm.chat",
                  "model",
                  "m",
                  "verdict",
                  "deny",
                  "rule",
                  "r",
                  "reason",
                  "no")));
    }
    fixture.open().close();
  }

  private List<String> lines(ProjectionFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rows = AuditProjection.write(fixture.dir, format, "0.1", out, _ -> {});
    // Only a line feed ends a line: U+2028 and carriage returns do not.
    List<String> lines = List.of(out.toString(StandardCharsets.UTF_8).split("\n"));
    assertThat(lines).hasSize((int) rows).hasSize(fixture.rows().size());
    return lines;
  }

  /** For parsers that are not ours: {@code build/exports}. */
  @Test
  void leavesItsLinesForOthers() throws IOException {
    String left = System.getProperty("gatehouse.exports", "");
    Assumptions.assumeFalse(left.isEmpty(), "only for build/exports");
    Files.createDirectories(Path.of(left));
    for (ProjectionFormat format : ProjectionFormat.values()) {
      String name = format.name().toLowerCase(Locale.ROOT);
      try (OutputStream out = Files.newOutputStream(Path.of(left, name + ".log"))) {
        AuditProjection.write(fixture.dir, format, "0.1", out, _ -> {});
      }
    }
    StringBuilder rows = new StringBuilder();
    for (StoredRow row : fixture.rows()) {
      rows.append(row.json()).append('\n');
    }
    Files.writeString(Path.of(left, "rows.log"), rows);
  }

  @Test
  void ocsfCallsAreApiActivityWithWhatThatRequires() throws Exception {
    List<JsonNode> events = new ArrayList<>();
    for (String line : lines(ProjectionFormat.OCSF)) {
      events.add(JSON.readTree(line));
    }
    JsonNode intent = events.get(2);
    assertThat(intent.path("class_uid").asInt()).isEqualTo(6003);
    assertThat(intent.path("category_uid").asInt()).isEqualTo(6);
    assertThat(intent.path("activity_id").asInt()).isEqualTo(3);
    assertThat(intent.path("type_uid").asInt()).isEqualTo(600303);
    assertThat(intent.path("actor").path("user").path("name").asText()).isEqualTo(NASTY);
    assertThat(intent.path("actor").path("session").path("uid").asText()).isEqualTo("s1");
    assertThat(intent.path("api").path("operation").asText()).isEqualTo("files__" + NASTY);
    assertThat(intent.path("api").path("request").path("uid").asText()).isEqualTo("c1");
    assertThat(intent.path("src_endpoint").path("name").asText()).isEqualTo(NASTY);
    assertThat(intent.path("action_id").asInt()).isEqualTo(1);
    assertThat(intent.path("risk_score").asInt()).isEqualTo(42);
    assertThat(intent.path("metadata").path("version").asText()).isEqualTo("1.9.0");
    assertThat(intent.path("metadata").path("uid").asText()).isEqualTo("gate1-1-standard/2");
    JsonNode outcome = events.get(3);
    assertThat(outcome.path("status_id").asInt()).isEqualTo(2);
    assertThat(outcome.path("duration").asInt()).isEqualTo(2);
    assertThat(outcome.path("api").path("response").path("error_message").asText())
        .isEqualTo(NASTY);
    JsonNode denied = events.get(4);
    assertThat(denied.path("action_id").asInt()).isEqualTo(2);
    assertThat(denied.path("disposition").asText()).isEqualTo("Blocked");
    assertThat(denied.path("severity_id").asInt()).isEqualTo(3);
    for (JsonNode event : events) {
      for (String required :
          List.of("activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time")) {
        assertThat(event.has(required)).as(required).isTrue();
      }
      int type = event.path("class_uid").asInt() * 100 + event.path("activity_id").asInt();
      assertThat(event.path("type_uid").asInt()).isEqualTo(type);
    }
  }

  @Test
  void ocsfAttestationsHoldAndFormAChainForEachStream() throws Exception {
    Map<String, String> last = new HashMap<>();
    for (String line : lines(ProjectionFormat.OCSF)) {
      Map<String, Object> event = JSON.readValue(line, new TypeReference<>() {});
      Map<String, Object> attestation =
          map(((List<?>) Objects.requireNonNull(event.get("attestation_list"))).getFirst());
      String stated = text(map(attestation.remove("fingerprint")), "value");
      event.put("attestation_list", List.of(attestation));
      assertThat(sha256(CanonicalJson.exactBytes(event))).isEqualTo(stated);
      String chain = text(attestation, "chain_uid");
      if (last.containsKey(chain)) {
        Map<String, Object> before = map(attestation.get("prev_event"));
        assertThat(text(map(before.get("fingerprint")), "value")).isEqualTo(last.get(chain));
      } else {
        assertThat(attestation).doesNotContainKey("prev_event");
      }
      last.put(chain, stated);
      String raw = text(event, "raw_data");
      assertThat(text(map(event.get("raw_data_hash")), "value"))
          .isEqualTo(sha256(raw.getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(last).containsOnlyKeys("gate1-1-standard", "gate1-2-standard");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private static String text(Map<String, Object> tree, String name) {
    return String.valueOf(tree.get(name));
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(ChainHasher.sha256().digest(bytes));
  }

  @Test
  void cefComesApartIntoWhatWentIn() throws Exception {
    List<String> lines = lines(ProjectionFormat.CEF);
    Map<String, String> intent = readCef(lines.get(2));

    assertThat(intent)
        .containsEntry("class", "intent:tool.call")
        .containsEntry("product", "Gatehouse")
        .containsEntry("severity", "1")
        .containsEntry("suser", NASTY)
        .containsEntry("act", "allow")
        .containsEntry("cs1", "files__" + NASTY)
        .containsEntry("cs4", NASTY)
        .containsEntry("externalId", "gate1-1-standard/2");
    assertThat(intent.get("name"))
        .isEqualTo("intent files__" + NASTY.replaceAll("[\r\n]", " ") + " allow");
    assertThat(readCef(lines.get(4))).containsEntry("severity", "6").containsEntry("act", "deny");
    for (String line : lines) {
      assertThat(readCef(line)).containsKeys("rt", "externalId", "cs6");
    }
  }

  @Test
  void anyTextSurvivesCef() {
    long seed = 20261121;
    SplittableRandom random = new SplittableRandom(seed);
    String letters = "ab =|\\\n\r\"]€n";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder("x");
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      text.append('y');
      String line =
          "CEF:0|v|p|1|c|"
              + CefLine.header(text.toString())
              + "|1|k="
              + CefLine.value(text.toString())
              + " end=1";
      assertThat(readCef(line))
          .as("seed %d, round %d", seed, round)
          .containsEntry("name", text.toString().replaceAll("[\r\n]", " "))
          .containsEntry("k", text.toString())
          .containsEntry("end", "1");
    }
  }

  /** Reads a line as the format's guide says, and nothing else of ours. */
  private static Map<String, String> readCef(String line) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int at = 0;
    while (parts.size() < 7) {
      char c = line.charAt(at++);
      if (c == '\\') {
        part.append(line.charAt(at++));
      } else if (c == '|') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    Map<String, String> read = new HashMap<>();
    List<String> names =
        List.of("cef", "vendor", "product", "version", "class", "name", "severity");
    for (int i = 0; i < names.size(); i++) {
      read.put(names.get(i), parts.get(i));
    }
    Matcher pair =
        Pattern.compile("(?s)(\\w+)=((?:\\\\.|[^\\\\=])*?)(?= \\w+=|$)")
            .matcher(line.substring(at));
    while (pair.find()) {
      Matcher escape = Pattern.compile("(?s)\\\\(.)").matcher(pair.group(2));
      read.put(
          pair.group(1),
          escape.replaceAll(
              found ->
                  Matcher.quoteReplacement(
                      switch (found.group(1)) {
                        case "n" -> "\n";
                        case "r" -> "\r";
                        default -> found.group(1);
                      })));
    }
    return read;
  }

  @Test
  void syslogIsWhatTheRfcSays() throws Exception {
    Pattern form =
        Pattern.compile(
            "(?s)<(\\d{1,3})>1 (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z) (\\S{1,255})"
                + " gatehouse - (\\S{1,32}) \\[gatehouse@32473((?:"
                + " [a-zA-Z]+=\"(?:[^\"\\\\\\]]|\\\\[\"\\\\\\]])*\")+)] (\\{.*})");
    List<String> lines = lines(ProjectionFormat.SYSLOG);
    for (int i = 0; i < lines.size(); i++) {
      Matcher message = form.matcher(lines.get(i));
      assertThat(message.matches()).as(lines.get(i)).isTrue();
      assertThat(message.group(3)).isEqualTo("gate1");
      assertThat(message.group(6)).isEqualTo(fixture.rows().get(i).json());
    }
    assertThat(lines.get(2)).startsWith("<110>1 ").contains(" intent [");
    assertThat(lines.get(3)).startsWith("<109>1 ");
    assertThat(lines.get(4)).startsWith("<108>1 ");
    assertThat(SyslogLine.messageId("a b\u00e9" + "x".repeat(40)))
        .isEqualTo("a_b_" + "x".repeat(28));
    assertThat(SyslogLine.messageId("")).isEqualTo("-");
    assertThat(SyslogLine.parameter("a\"b\\c]d")).isEqualTo("a\\\"b\\\\c\\]d");
  }
}
