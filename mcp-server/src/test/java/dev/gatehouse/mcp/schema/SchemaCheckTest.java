package dev.gatehouse.mcp.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCheckTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STEPS = 100_000;

  @ParameterizedTest(name = "{0} takes {1}, not {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'string'}|'a'|1",
        "{'type':'integer'}|1.0|1.5",
        "{'type':['null','number']}|null|true",
        "{'enum':[1,{'a':[2]}]}|{'a':[2.0]}|{'a':[3]}",
        "{'const':null}|null|0",
        "{'minLength':2,'maxLength':2}|'😀é'|'abc'",
        "{'minimum':1,'exclusiveMaximum':3}|2.999|3",
        "{'maximum':1,'exclusiveMinimum':0}|0.1|0",
        "{'multipleOf':0.1}|0.3|0.35",
        "{'properties':{'a':{'type':'string'}}}|{'a':'x','b':1}|{'a':1}",
        "{'required':['a']}|{'a':null}|{}",
        "{'properties':{'a':true},'additionalProperties':false}|{'a':1}|{'b':1}",
        "{'additionalProperties':{'type':'number'}}|{'b':1}|{'b':'1'}",
        "{'propertyNames':{'maxLength':1}}|{'a':1}|{'ab':1}",
        "{'minProperties':1,'maxProperties':1}|{'a':1}|{'a':1,'b':2}",
        "{'dependentRequired':{'a':['b']}}|{'b':1}|{'a':1}",
        "{'dependentSchemas':{'a':{'required':['b']}}}|{'a':1,'b':1}|{'a':1}",
        "{'prefixItems':[{'type':'string'}],'items':{'type':'number'}}|['a',1]|['a','b']",
        "{'prefixItems':[{'type':'string'}]}|['a',1]|[1]",
        "{'contains':{'const':1},'maxContains':2}|[1,2,1]|[1,1,1]",
        "{'contains':{'const':1}}|[1]|[]",
        "{'minItems':1,'maxItems':2}|[1]|[1,2,3]",
        "{'uniqueItems':true}|[1,'1',[1]]|[[1,{'a':1}],[1.0,{'a':1}]]",
        "{'allOf':[{'type':'number'},{'minimum':2}]}|2|1",
        "{'anyOf':[{'type':'string'},{'minimum':2}]}|2|1",
        "{'oneOf':[{'multipleOf':2},{'multipleOf':3}]}|2|6",
        "{'not':{'type':'string'}}|1|'1'",
        "{'if':{'const':1},'then':false,'else':{'type':'string'}}|'a'|1",
        "{'if':{'const':1},'then':true,'else':{'type':'string'}}|1|2",
        "{'$defs':{'n':{'type':'number'}},'items':{'$ref':'#/$defs/n'}}|[1]|['1']",
        "{'$defs':{'n':{'$anchor':'num','type':'number'}},'items':{'$ref':'#num'}}|[1]|['1']",
        "{'properties':{'next':{'$ref':'#'},'v':{'type':'number'}}}|{'next':{'v':1}}|{'next':{'v':''}}",
        "{'$schema':'http://json-schema.org/draft-07/schema#','definitions':{'n':{'type':'number'}},"
            + "'properties':{'a':{'$ref':'#/definitions/n','maximum':0}}}|{'a':1}|{'a':''}",
      })
  void objectsToWhatSurelyDoesNotFit(String schema, String good, String bad) throws Exception {
    assertThat(objection(schema, good)).isEmpty();
    assertThat(objection(schema, bad)).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'pattern':'^(a+)+$'}|'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'",
        "{'not':{'pattern':'^a$'}}|'a'",
        "{'patternProperties':{'^a':false}}|{'a':1}",
        "{'patternProperties':{'^a':true},'additionalProperties':false}|{'a':1}",
        "{'oneOf':[{'pattern':'a'},{'pattern':'b'}]}|'c'",
        "{'if':{'pattern':'a'},'then':{'const':'a'}}|'b'",
        "{'$ref':'https://example.com/schema.json'}|1",
        "{'$ref':'#/nowhere'}|1",
        "{'unevaluatedProperties':false}|{'a':1}",
        "{'$dynamicRef':'#a'}|1",
        "{'format':'email'}|'nobody'",
        "{'type':7,'enum':7,'required':7,'allOf':7,'minimum':'1','properties':7}|1",
        "{'items':[{'type':'string'}]}|[1]",
        "{'properties':{'a':{'$id':'urn:x','$defs':{'n':true},'$ref':'#/$defs/n'}},"
            + "'$defs':{'n':false}}|{'a':1}",
        "{'multipleOf':0}|1",
      })
  void letsPassWhatItCannotTell(String schema, String value) throws Exception {
    assertThat(objection(schema, value)).isEmpty();
  }

  @Test
  void objectionNamesThePlaceAndTheDemandButNoValue() throws Exception {
    String schema = "{'properties':{'a':{'items':{'type':'string','maxLength':3}}}}";
    assertThat(objection(schema, "{'a':['x','secret']}")).contains("/a/1 is longer than 3");
    assertThat(objection("{'required':['a']}", "{}")).contains("/a is missing");
    assertThat(objection("{'anyOf':[{'const':1}]}", "2")).contains("it fits none of anyOf");
  }

  @Test
  @Timeout(5)
  void exponentialSchemasAreGivenUpOn() throws Exception {
    String schema =
        "{'properties':{'n':{'anyOf':[{'$ref':'#'},{'$ref':'#'}]},'v':{'type':'number'}}}";
    String value = "{'v':''}";
    for (int i = 0; i < 40; i++) {
      value = "{'n':" + value + "}";
    }
    assertThat(objection(schema, value)).isEmpty();
    assertThat(objection("{'$ref':'#'}", "1")).isEmpty();
  }

  @Test
  void workIsBoundedByItsLimit() throws Exception {
    assertThat(objection("{'items':{'type':'number'}}", "[1,2,'3']", 20)).isPresent();
    assertThat(objection("{'items':{'type':'number'}}", "[1,2,'3']", 5)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "many types|{'items':{'type':[@'string']}}|[1,2]|'string',",
        "long names|{'items':{'enum':[{'@':1}]}}|[{'@':2}]|xxxxxxxxxxxxxxxx",
        "long references|{'items':{'$ref':'#/@'},'minItems':2}|[1]|xxxxxxxxxxxxxxxx",
        "long identities|{'$id':'@','minLength':9}|'a'|xxxxxxxxxxxxxxxx",
        "long required names|{'required':['@','b']}|{'@':1}|xxxxxxxxxxxxxxxx",
        "long places|{'properties':{'@':{'type':'string'}}}|{'@':1}|xxxxxxxxxxxxxxxx",
      })
  void whatASchemaCanMakeLongIsWorkToo(String what, String schema, String value, String part)
      throws Exception {
    String repeated = part.repeat(1_000);

    assertThat(objection(schema.replace("@", part), value.replace("@", part), 60))
        .as("a little of it")
        .isPresent()
        .isEqualTo(objection(schema.replace("@", part), value.replace("@", part)));
    assertThat(objection(schema.replace("@", repeated), value.replace("@", repeated), 60))
        .as("much of it")
        .isEmpty();
  }

  @Test
  void objectionRepeatsNoMoreOfASchemaThanAPersonReads() throws Exception {
    String types = "'string',".repeat(1_000) + "'null'";
    assertThat(objection("{'type':[" + types + "]}", "1").orElseThrow()).hasSizeLessThan(150);
  }

  @Test
  void limitsBeyondALongAreNotMistakenForSmallOnes() throws Exception {
    String schema = "{'contains':true,'maxContains':18446744073709551616}";
    assertThat(objection(schema, "[1]")).isEmpty();
    assertThat(objection("{'contains':true,'minContains':18446744073709551616}", "[1]"))
        .isPresent();
  }

  private static Optional<String> objection(String schema, String value) throws Exception {
    return objection(schema, value, STEPS);
  }

  private static Optional<String> objection(String schema, String value, int steps)
      throws JsonProcessingException {
    Map<String, Object> tree = JSON.readValue(schema.replace('\'', '"'), new TypeReference<>() {});
    return SchemaCheck.objection(
        tree, JSON.readValue(value.replace('\'', '"'), Object.class), steps);
  }
}
