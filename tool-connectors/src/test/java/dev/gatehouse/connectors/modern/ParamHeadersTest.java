package dev.gatehouse.connectors.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.json.MalformedMessageException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamHeadersTest {

  @Test
  void primitiveArgumentsAreMirroredAtTheirPathsAndAbsentOnesAreNot() throws Exception {
    ParamHeaders headers =
        ParamHeaders.of(
            json(
                """
                {"type":"object","properties":{
                  "region":{"type":"string","x-mcp-header":"Region"},
                  "deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}},
                  "flag":{"type":"boolean","x-mcp-header":"Flag"},
                  "none":{"type":"string","x-mcp-header":"None"},
                  "query":{"type":"string","default":{"x-mcp-header":"data, not a schema"}}}}
                """));
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("region", "");
    arguments.put("deep", Map.of("n", new BigDecimal("42.0")));
    arguments.put("flag", false);
    arguments.put("query", "select");
    assertThat(headers.values(arguments))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("Mcp-Param-Region", "", "Mcp-Param-N", "42", "Mcp-Param-Flag", "false"));
  }

  @Test
  void anExponentBeyondReasonIsNotWrittenOut() throws Exception {
    ParamHeaders headers =
        ParamHeaders.of(
            json("{\"properties\":{\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"}}}"));

    assertThat(headers.values(Map.of("n", new BigDecimal("1E+5"))))
        .containsEntry("Mcp-Param-N", "100000");
    assertThat(headers.values(Map.of("n", new BigDecimal("1E+401"))))
        .containsEntry("Mcp-Param-N", "1E+401");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'properties':{'a':{'type':'string','x-mcp-header':''}}}",
        "{'properties':{'a':{'type':'string','x-mcp-header':'My Region'}}}",
        "{'properties':{'a':{'type':'string','x-mcp-header':'R:P'}}}",
        "{'properties':{'a':{'type':'string','x-mcp-header':'Région'}}}",
        "{'properties':{'a':{'type':'string','x-mcp-header':'a\\r\\nb'}}}",
        "{'properties':{'a':{'type':'string','x-mcp-header':7}}}",
        "{'properties':{'a':{'type':'number','x-mcp-header':'A'}}}",
        "{'properties':{'a':{'type':'object','x-mcp-header':'A'}}}",
        "{'properties':{'a':{'x-mcp-header':'A'}}}",
        "{'properties':{'a':{'type':'string','x-mcp-header':'A'},'b':{'type':'string','x-mcp-header':'a'}}}",
        "{'x-mcp-header':'A','type':'string'}",
        "{'properties':{'a':{'items':{'type':'string','x-mcp-header':'A'}}}}",
        "{'anyOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]}",
        "{'$defs':{'d':{'type':'string','x-mcp-header':'A'}}}"
      })
  void anAnnotationThatBreaksARuleRefusesTheTool(String schema) {
    assertThatThrownBy(() -> ParamHeaders.of(json(schema.replace('\'', '"'))))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("x-mcp-header");
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "us-west1,us-west1",
        "us west 1,us west 1",
        " padded ,=?base64?IHBhZGRlZCA=?=",
        "\tindented,=?base64?CWluZGVudGVk?=",
        "=?base64?literal?=,=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="
      })
  void textThatAHeaderCannotCarryGoesAsBase64(String text, String header) {
    assertThat(HeaderText.of(text)).isEqualTo(header);
  }

  @Test
  void lineBreaksAndOtherScriptsGoAsBase64() {
    assertThat(HeaderText.of("line1\nline2")).isEqualTo("=?base64?bGluZTEKbGluZTI=?=");
    assertThat(HeaderText.of("Hello, 世界")).isEqualTo("=?base64?SGVsbG8sIOS4lueVjA==?=");
  }

  private static Map<String, Object> json(String text) throws MalformedMessageException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Json.object(bytes, 0, bytes.length);
  }
}
