package dev.gatehouse.gateway.demo;

import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.gateway.rows.RowText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What the demo reads out of the record that the gateway is writing. */
final class DemoRecord {

  private DemoRecord() {}

  /** The outcome row of the first model call; waits until it is there. */
  static String failover(GatewayConfig config) throws IOException, InterruptedException {
    return RowText.modelCall(
        first(
            config,
            row -> "outcome".equals(row.get("type")) && "llm.chat".equals(row.get("action_type"))));
  }

  /** The row of the first call that was refused because its agent is suspended; waits for it. */
  static String suspended(GatewayConfig config) throws IOException, InterruptedException {
    return RowText.line(first(config, row -> "standing.suspended".equals(row.get("rule"))));
  }

  private static StoredRow first(GatewayConfig config, Predicate<Map<String, Object>> wanted)
      throws IOException, InterruptedException {
    Path dir = config.audit().dir();
    try (AuditReader reader =
        AuditReader.open(
            dir, AuditReader.lineages(dir).getFirst(), new AuditReader.Start.Oldest())) {
      while (true) {
        StoredRow row = reader.take(java.time.Duration.ofMillis(20));
        if (wanted.test(row.fields())) {
          return row;
        }
      }
    }
  }

  record Check(boolean good, String text) {}

  static Check verify(GatewayConfig config) {
    try {
      AuditReport report = AuditVerifier.verify(config.audit().dir(), config.audit().witnessDir());
      return switch (report) {
        case AuditReport.Sound sound ->
            new Check(
                true,
                sound.counts().rows()
                    + " rows, "
                    + sound.counts().checkpoints()
                    + " signed checkpoints");
        case AuditReport.Broken broken -> new Check(false, broken.row().toString());
      };
    } catch (IOException e) {
      return new Check(false, Optional.ofNullable(e.getMessage()).orElse(e.toString()));
    }
  }
}
