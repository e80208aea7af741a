package dev.gatehouse.gateway.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.audit.AuditReceipt;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RowTextTest {

  private static final String OUTCOME =
      """
      {"type":"outcome","action_type":"llm.chat","agent":"a","model":"m","outcome":"completed",
       "provider_used":"second","model_used":"m2","failover_hops":1,
       "attempts":[{"provider":"first","kind":"LLMAuthError","status_code":403,"latency_ms":4,"ok":false},
                   {"provider":"second","ok":true,"latency_ms":9}],
       "candidates_excluded":[{"provider":"third","why":"untranslatable","field":"top_k"}]}
      """;

  private static StoredRow row(String json) {
    return new StoredRow(new AuditReceipt("s-1-standard", 7, "0".repeat(64)), Instant.EPOCH, json);
  }

  @Test
  void lineOfAModelCallSaysWhoFailedAndWhoWasNotAsked() {
    assertThat(RowText.line(row(OUTCOME)).lines())
        .containsExactly(
            "00:00:00.000       7  outcome  a  llm.chat m  completed  by second (m2), hops 1",
            "                            failed {provider: first, kind: LLMAuthError, status_code:"
                + " 403, latency_ms: 4}",
            "                            not asked {provider: third, why: untranslatable, field:"
                + " top_k}");
  }

  @Test
  void blockOfAModelCallSaysWhoWasNotAsked() {
    assertThat(RowText.modelCall(row(OUTCOME)))
        .contains("failover_hops: 1", "status_code: 403")
        .endsWith("candidates_excluded: [{provider: third, why: untranslatable, field: top_k}]");
  }

  @Test
  void lineOfAToolCallSaysWhatAScanFoundAndWhatWasDone() {
    String json =
        "{\"type\":\"outcome\",\"agent\":\"a\",\"tool\":\"t\",\"outcome\":\"completed\","
            + "\"scan\":[\"secret:/content/0/text\"],\"scan_action\":\"redact\"}";

    assertThat(RowText.line(row(json)))
        .endsWith("a  t  completed  scan redact [secret:/content/0/text]");
  }

  @Test
  void wordsOfAgentsCannotSteerTheTerminal() {
    String json =
        "{\"type\":\"intent\",\"agent\":\"a\",\"action_type\":\"llm.chat\","
            + "\"model\":\"x\\u001b[2J\\ny\\u202ez\",\"verdict\":\"deny\",\"rule\":\"r\","
            + "\"reason\":\"no\"}";

    assertThat(RowText.line(row(json)))
        .isEqualTo("00:00:00.000       7  intent   a  llm.chat x?[2J?y?z  deny  r: no");
  }
}
