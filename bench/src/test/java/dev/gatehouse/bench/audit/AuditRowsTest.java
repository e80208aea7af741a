package dev.gatehouse.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.json.CanonicalJson;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class AuditRowsTest {

  @Test
  void rowsAreAboutOneKibibyteOfCanonicalJson() {
    String id = "0".repeat(36);
    assertThat(Stream.of(AuditRows.intent(id, 1), AuditRows.outcome(id, 1)).map(AuditRow::fields))
        .allSatisfy(
            fields ->
                assertThat(CanonicalJson.bytes(fields).length)
                    .isCloseTo(AuditRows.PAYLOAD_BYTES, Percentage.withPercentage(25)));
  }
}
