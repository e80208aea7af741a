package dev.gatehouse.mcp.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.config.McpLimits;
import java.nio.charset.StandardCharsets;

/** Whatever a body holds, it is a message or a clear error. */
class MessageParserFuzzTest {

  private static final int ERROR_CHARS_MAX = 2_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final MessageParser parser = new MessageParser(McpLimits.DEFAULT);

  @FuzzTest(maxDuration = "2m")
  void anyBodyIsAMessageOrAClearError(byte[] body) {
    switch (parser.parse(body)) {
      case Parsed.Valid(Message message) -> assertThat(message).isNotNull();
      case Parsed.Invalid(var id, RpcError error) -> {
        String answer = new String(MessageWriter.error(id, error), StandardCharsets.UTF_8);
        assertThat(answer.length()).isLessThan(ERROR_CHARS_MAX + body.length);
        assertThatCode(() -> JSON.readTree(answer)).doesNotThrowAnyException();
      }
    }
  }
}
