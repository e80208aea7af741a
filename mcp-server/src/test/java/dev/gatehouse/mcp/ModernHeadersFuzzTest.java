package dev.gatehouse.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Whatever a header holds, it is decoded or malformed; and the base64 form carries everything. */
class ModernHeadersFuzzTest {

  @FuzzTest(maxDuration = "2m")
  void anyHeaderIsDecodedOrMalformed(byte[] bytes) {
    String header = new String(bytes, StandardCharsets.ISO_8859_1);
    String decoded = ModernHeaders.decoded(header);
    if (decoded != null) {
      assertThat(decoded.length()).isLessThanOrEqualTo(header.length());
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    String encoded =
        "=?base64?"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + "?=";
    assertThat(ModernHeaders.decoded(encoded)).isEqualTo(text);
  }
}
