package dev.gatehouse.mcp.asking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.tool.ClientRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as an answer. */
class FormCheckTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORM =
      """
      {"type": "object", "required": ["s"], "properties": {
        "s": {"type": "string", "minLength": 2, "maxLength": 3},
        "e": {"type": "string", "enum": ["a", "b"]},
        "t": {"type": "string", "oneOf": [{"const": "x", "title": "X"}]},
        "n": {"type": "number", "minimum": 0, "maximum": 1},
        "i": {"type": "integer"},
        "b": {"type": "boolean"},
        "m": {"type": "array", "minItems": 1, "items": {"anyOf": [{"const": "x"}]}}}}\
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|{'s':'ab'}",
        "true|{'s':'😀😀😀'}",
        "true|{'s':'ab','unknown':{}}",
        "true|{'s':'ab','e':'a','t':'x','n':0.5,'i':3,'b':false,'m':['x']}",
        "true|{'s':'ab','i':3.0}",
        "false|{}",
        "false|{'s':'a'}",
        "false|{'s':'abcd'}",
        "false|{'s':7}",
        "false|{'s':null}",
        "false|{'s':'ab','e':'c'}",
        "false|{'s':'ab','t':'X'}",
        "false|{'s':'ab','n':1.5}",
        "false|{'s':'ab','n':'1'}",
        "false|{'s':'ab','i':3.5}",
        "false|{'s':'ab','b':'true'}",
        "false|{'s':'ab','m':[]}",
        "false|{'s':'ab','m':['y']}",
        "false|{'s':'ab','m':'x'}"
      })
  void filledInFormFitsItsSchema(boolean fits, String content) throws Exception {
    assertThat(FormCheck.fits(tree(FORM), tree(content.replace('\'', '"')))).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|elicitation/create|{'action':'decline'}",
        "false|elicitation/create|{'action':'accept'}",
        "false|elicitation/create|{'action':'yes'}",
        "true|sampling/createMessage|{'role':'assistant','model':'m','content':{}}",
        "false|sampling/createMessage|{'role':'assistant','content':{}}",
        "true|roots/list|{'roots':[{'uri':'file:///x'}]}",
        "false|roots/list|{'roots':[{}]}",
        "false|tools/list|{'tools':[]}"
      })
  void answerIsOfTheKindThatWasAskedFor(boolean fits, String method, String answer)
      throws Exception {
    ClientRequest question = new ClientRequest(method, Map.of("requestedSchema", tree(FORM)));
    assertThat(Answers.fits(question, tree(answer.replace('\'', '"')))).isEqualTo(fits);
  }

  @Test
  void whatIsNoObjectIsNoAnswer() {
    assertThat(Answers.fits(new ClientRequest("roots/list", Map.of()), 12345)).isFalse();
  }

  private static Map<String, Object> tree(String json) throws Exception {
    return JSON.readValue(json, new TypeReference<>() {});
  }
}
