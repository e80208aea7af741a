package dev.gatehouse.mcp.requests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.mcp.asking.ClientCapabilities;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RequestMetaTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String OTHER = "00-11111111111111111111111111111111-2222222222222222-00";

  @Test
  void theTraceIsTakenFromMetaAndElseFromHeaders() {
    Map<String, String> headers =
        Map.of("traceparent", OTHER, "tracestate", "b=2", "baggage", "k=header");

    assertThat(
            trace(Map.of("traceparent", PARENT, "tracestate", "a=1", "baggage", "k=meta"), headers))
        .isEqualTo(new TraceContext(PARENT, "a=1", "k=meta"));
    assertThat(trace(Map.of(), headers)).isEqualTo(new TraceContext(OTHER, "b=2", "k=header"));
    assertThat(trace(Map.of(), Map.of())).isEqualTo(TraceContext.NONE);
  }

  @Test
  void aStateIsNotPutBesideTheParentOfAnotherPlace() {
    assertThat(trace(Map.of("traceparent", PARENT), Map.of("tracestate", "b=2")))
        .isEqualTo(TraceContext.of(PARENT));
    assertThat(trace(Map.of("tracestate", "a=1"), Map.of("traceparent", OTHER)))
        .isEqualTo(TraceContext.of(OTHER));
  }

  @Test
  void whatIsNoTextIsNone() {
    assertThat(trace(Map.of("traceparent", 7, "baggage", Map.of("k", "v")), Map.of()))
        .isEqualTo(TraceContext.NONE);
  }

  private static TraceContext trace(Map<String, Object> meta, Map<String, String> headers) {
    return RequestMeta.of(
            Map.of("_meta", meta), headers::get, Optional.empty(), ClientCapabilities.of(Map.of()))
        .trace();
  }
}
