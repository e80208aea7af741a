package dev.gatehouse.connectors.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.ModernServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import dev.gatehouse.core.call.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A caller's trace goes to upstreams of both eras, as it came. */
class TraceTest {

  private static final TraceContext TRACE =
      new TraceContext(
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1,b@c=2", "user=x;p=1");

  @Test
  void aModernUpstreamGetsTheTrace() {
    try (ModernServerScript server = new ModernServerScript()) {
      call(server.config("u"));

      assertThat(server.seen("tools/call").getFirst().meta()).containsAllEntriesOf(TRACE.members());
    }
  }

  @Test
  void aLegacyUpstreamGetsTheTrace() throws MalformedMessageException {
    try (HttpServerScript server = new HttpServerScript()) {
      call(server.config("u"));

      byte[] body =
          server.seen.stream()
              .filter(one -> one.body().contains("tools/call"))
              .findFirst()
              .orElseThrow()
              .body()
              .getBytes(StandardCharsets.UTF_8);
      Map<String, Object> params = Json.object(Json.object(body, 0, body.length), "params");
      assertThat(Json.object(params, "_meta")).containsAllEntriesOf(TRACE.members());
    }
  }

  private static void call(McpServerConfig config) {
    try (House house = new House(config)) {
      house.awaitUp("u");
      House.get(
          house
              .connector("u")
              .execute(house.grant("u__echo", TRACE), new Recorder(false))
              .toCompletableFuture());
    }
  }
}
