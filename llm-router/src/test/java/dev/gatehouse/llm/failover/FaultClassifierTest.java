package dev.gatehouse.llm.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.wire.ReplyScan;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trap table, row by row: type and code before status. */
class FaultClassifierTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // status alone
        "401 | | AUTH | NEXT",
        "403 | | AUTH | NEXT",
        "402 | | QUOTA | NEXT",
        "404 | | MODEL_NOT_FOUND | NEXT",
        "408 | | TIMEOUT | NEXT",
        "429 | | RATE_LIMIT | NEXT",
        "500 | | SERVER | RETRY_THEN_NEXT",
        "501 | | SERVER | NEXT",
        "502 | | SERVER | NEXT",
        "503 | | SERVER | NEXT",
        "504 | | TIMEOUT | NEXT",
        "529 | | OVERLOADED | NEXT",
        "307 | | SERVER | NEXT",
        "400 | | BAD_REQUEST | RERAISE",
        "405 | | BAD_REQUEST | RERAISE",
        "409 | | BAD_REQUEST | RERAISE",
        "422 | | BAD_REQUEST | RERAISE",
        "413 | | REQUEST_TOO_LARGE | LARGER_BODY",
        "502 | <html> | SERVER | NEXT",
        // OpenAI
        "401 | {\"error\":{\"code\":\"invalid_api_key\"}} | AUTH | NEXT",
        "403 |"
            + " {\"error\":{\"code\":\"unsupported_country_region_territory\",\"type\":\"request_forbidden\"}}"
            + " | AUTH | NEXT",
        "404 | {\"error\":{\"code\":\"model_not_found\",\"type\":\"invalid_request_error\"}} |"
            + " MODEL_NOT_FOUND | NEXT",
        "400 | {\"error\":{\"code\":\"model_not_found\",\"type\":\"invalid_request_error\"}} |"
            + " MODEL_NOT_FOUND | NEXT",
        "400 | {\"error\":{\"code\":\"context_length_exceeded\"}} | CONTEXT_LENGTH |"
            + " LARGER_CONTEXT",
        "400 | {\"error\":{\"message\":\"This model's maximum context length is 8192 tokens\"}} |"
            + " CONTEXT_LENGTH | LARGER_CONTEXT",
        "400 | {\"error\":{\"code\":\"content_policy_violation\"}} | CONTENT_POLICY | RERAISE",
        "400 | {\"error\":{\"code\":\"invalid_prompt\",\"type\":\"invalid_request_error\"}} |"
            + " CONTENT_POLICY | RERAISE",
        "429 | {\"error\":{\"code\":\"rate_limit_exceeded\",\"type\":\"tokens\"}} | RATE_LIMIT |"
            + " NEXT",
        "429 | {\"error\":{\"code\":\"insufficient_quota\",\"type\":\"insufficient_quota\"}} |"
            + " QUOTA | NEXT",
        "500 | {\"error\":{\"type\":\"server_error\",\"code\":null}} | SERVER | RETRY_THEN_NEXT",
        "200 | {\"error\":{\"type\":\"server_error\"}} | SERVER | NEXT",
        "200 | {\"error\":{\"code\":429,\"message\":\"upstream\"}} | RATE_LIMIT | NEXT",
        "200 | {\"error\":\"something\"} | SERVER | NEXT",
        // Anthropic
        "400 |"
            + " {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"max_tokens:"
            + " required\"}} | BAD_REQUEST | RERAISE",
        "400 | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your"
            + " credit balance is too low\"}} | QUOTA | NEXT",
        "400 |"
            + " {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt"
            + " is too long: 2 tokens > 1 maximum\"}} | CONTEXT_LENGTH | LARGER_CONTEXT",
        "402 | {\"type\":\"error\",\"error\":{\"type\":\"billing_error\"}} | QUOTA | NEXT",
        "403 | {\"type\":\"error\",\"error\":{\"type\":\"permission_error\",\"message\":\"no"
            + " access\"}} | AUTH | NEXT",
        "404 | {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model:"
            + " x\"}} | MODEL_NOT_FOUND | NEXT",
        "409 | {\"type\":\"error\",\"error\":{\"type\":\"conflict_error\"}} | BAD_REQUEST |"
            + " RERAISE",
        "413 | {\"type\":\"error\",\"error\":{\"type\":\"request_too_large\"}} | REQUEST_TOO_LARGE"
            + " | LARGER_BODY",
        "429 | {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"}} | RATE_LIMIT | NEXT",
        "500 | {\"type\":\"error\",\"error\":{\"type\":\"api_error\"}} | SERVER | RETRY_THEN_NEXT",
        "504 | {\"type\":\"error\",\"error\":{\"type\":\"timeout_error\"}} | TIMEOUT | NEXT",
        "529 | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}} | OVERLOADED | NEXT",
        "200 | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}} | OVERLOADED | NEXT",
        // Azure, Gemini, Bedrock
        "400 |"
            + " {\"error\":{\"code\":\"content_filter\",\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}"
            + " | CONTENT_POLICY | RERAISE",
        "400 |"
            + " {\"error\":{\"code\":null,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}"
            + " | CONTENT_POLICY | RERAISE",
        "404 | {\"error\":{\"code\":\"DeploymentNotFound\"}} | MODEL_NOT_FOUND | NEXT",
        "400 | [{\"error\":{\"code\":400,\"message\":\"API key not"
            + " valid.\",\"status\":\"INVALID_ARGUMENT\"}}] | AUTH | NEXT",
        "429 | [{\"error\":{\"code\":429,\"message\":\"Quota\",\"status\":\"RESOURCE_EXHAUSTED\"}}]"
            + " | RATE_LIMIT | NEXT",
        "400 | {\"message\":\"The provided model identifier is invalid.\"} | MODEL_NOT_FOUND | NEXT"
      })
  void errorIsNamed(int status, @Nullable String body, FaultKind kind, Reaction reaction) {
    ReplyScan scan = new ReplyScan();
    if (body != null) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      scan.scan(bytes, 0, bytes.length);
    }

    Fault fault = FaultClassifier.classify(status, scan, Optional.empty());

    assertThat(fault.kind()).isEqualTo(kind);
    assertThat(fault.reaction()).isEqualTo(reaction);
  }
}
