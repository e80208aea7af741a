package dev.gatehouse.connectors.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.config.UpstreamTransport.Stdio;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigTest {

  private static final URI URL = URI.create("https://tools.example/mcp?key=abc-secret");

  @Test
  void secretsAreNotInToString() {
    McpServerConfig http =
        McpServerConfig.of("h", new Http(URL, Map.of("Authorization", "Bearer abc-secret")));
    McpServerConfig stdio =
        McpServerConfig.of(
            "s",
            new Stdio(
                "tool",
                List.of("--key=abc-secret"),
                Map.of("KEY", "abc-secret"),
                Optional.empty()));
    assertThat(http.toString())
        .contains("tools.example", "Authorization")
        .doesNotContain("abc-secret");
    assertThat(stdio.toString()).contains("tool", "KEY").doesNotContain("abc-secret");
  }

  @Test
  void urlsAreHttpOrHttpsWithHostAndWithoutUserInfo() {
    for (String url :
        List.of("file:///etc/passwd", "ftp://host/", "/mcp", "http:///mcp", "mailto:x@y")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Http(URI.create(url), Map.of()));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Http(URI.create("http://me:pw-secret@host/"), Map.of()))
        .withMessageNotContaining("pw-secret");
  }

  @Test
  void headersCannotBreakOutOrReplaceTheGatewaysOwn() {
    for (String name :
        List.of("", "a b", "a:b", "Host", "mcp-session-id", "Content-Length", "ACCEPT")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Http(URL, Map.of(name, "v")));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Http(URL, Map.of("X", "abc-secret\r\nY: z")))
        .withMessageNotContaining("abc-secret");
  }

  @Test
  void limitsAndNamesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UpstreamLimits(10, 4_096, 1, 1, 1, 2))
        .withMessageContaining("messageBytesMax")
        .withMessageContaining("10");
    String longest = "n".repeat(McpServerConfig.NAME_LENGTH_MAX);
    Http transport = new Http(URL, Map.of());
    assertThat(McpServerConfig.of(longest, transport).name()).isEqualTo(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> McpServerConfig.of(longest + "n", transport));
    assertThatIllegalArgumentException().isThrownBy(() -> McpServerConfig.of("a\nb", transport));
  }
}
