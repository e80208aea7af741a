package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.decision.Decision.Deny;
import dev.gatehouse.core.decision.Reason;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tools that a provider runs itself pass the Gate by: a route allows them by name, or not. */
class ProviderToolsTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private Provider provider(String name, Protocol protocol) throws Exception {
    return lab.provider(
            name, protocol == Protocol.MESSAGES ? ProviderType.ANTHROPIC : ProviderType.OPENAI)
        .then(Words.good(protocol, false));
  }

  private void startAllowing(String... tools) throws Exception {
    LlmConfig all = lab.config(lab.providers);
    ModelRoute route = all.routes().getFirst().withProviderTools(Set.of(tools));
    lab.start(new LlmConfig(all.providers(), List.of(route), all.limits(), all.breaker()));
  }

  private HttpResponse<String> askWith(Protocol protocol, String member) throws Exception {
    return lab.post(Words.path(protocol), with(protocol, member));
  }

  private static String with(Protocol protocol, String member) {
    return Words.request(protocol, "fast", false).replaceFirst("\\{", "{" + member + ",");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHAT|\"web_search_options\":{}|web_search_options|web_search",
        "CHAT|\"search_parameters\":{\"mode\":\"on\"}|search_parameters|web_search",
        "CHAT|\"data_sources\":[{\"type\":\"azure_search\"}]|data_sources|data_sources",
        "CHAT|\"plugins\":[[],{\"id\":\"web\"}]|plugins|plugins",
        "CHAT|\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"web_search\"}]|tools[1]|web_search",
        "CHAT|\"tools\":[],\"tools\":[{\"type\":\"mcp\"}]|tools[0]|mcp",
        "MESSAGES|\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://example.com\"}]|mcp_servers|mcp",
        "MESSAGES|\"tools\":[{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"m\"}]|tools[0]|mcp",
        "MESSAGES|\"tools\":[{\"name\":\"web_search\",\"type\":\"web_search_20250305\"}]|tools[0]|web_search",
        "MESSAGES|\"tools\":[{\"type\":\"web_fetch_20250910\"}]|tools[0]|web_fetch",
        "MESSAGES|\"tools\":[{\"type\":\"code_execution_20250825\"}]|tools[0]|code_execution",
        "MESSAGES|\"tools\":[{\"type\":\"bash_20250124_on_our_side\"}]|tools[0]|bash_20250124_on_our_side",
        "RESPONSES|\"tools\":[{\"type\":\"web_search_preview_2025_03_11\"}]|tools[0]|web_search",
        "RESPONSES|\"tools\":[{\"type\":\"web_search_2025_08_26\"}]|tools[0]|web_search",
        "RESPONSES|\"tools\":[{\"type\":\"mcp\",\"server_url\":\"https://example.com\"}]|tools[0]|mcp",
        "RESPONSES|\"tools\":[{\"type\":\"file_search\"}]|tools[0]|file_search",
        "RESPONSES|\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]|tools[0]|code_interpreter",
        "RESPONSES|\"tools\":[{\"type\":\"computer_use_preview\"}]|tools[0]|computer_use",
        "RESPONSES|\"tools\":[{\"type\":\"image_generation\"}]|tools[0]|image_generation",
        "RESPONSES|\"tools\":[{\"type\":\"born_tomorrow\"}]|tools[0]|born_tomorrow",
        "RESPONSES|\"tools\":[{\"type\":\"namespace\",\"tools\":[{\"type\":\"mcp\"}]}]|tools[0].tools[0]|mcp",
        "RESPONSES|\"prompt\":{\"id\":\"pmpt_1\"}|prompt|prompt"
      })
  void whatAProviderRunsItselfIsRefusedByName(
      Protocol protocol, String member, String field, String tool) throws Exception {
    Provider provider = provider("first", protocol);
    lab.start();

    HttpResponse<String> reply = askWith(protocol, member);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
    assertThat(Lab.text(Lab.error(reply.body()), "message"))
        .contains("'" + field + "'", "'" + tool + "'", "provider_tools: [" + tool + "]", "'fast'");
    assertThat(Lab.text(Lab.error(reply.body()), "type")).isEqualTo("invalid_request_error");
    assertThat(reply.headers().firstValue("x-gatehouse-audit")).isPresent();
    assertThat(provider.asked()).isZero();
    assertThat(lab.fixture.audit.rows("intent").getLast())
        .containsEntry("verdict", "deny")
        .containsEntry("rule", "llm.provider_tools")
        .containsEntry("provider_tools", List.of(tool));
    assertThat(lab.fixture.audit.rows("outcome")).isEmpty();
  }

  @Test
  void toolsInAnItemOfTheInputCountToo() throws Exception {
    Provider provider = provider("first", Protocol.RESPONSES);
    lab.start();

    HttpResponse<String> reply =
        lab.post(
            "/v1/responses",
            """
            {"model":"fast","input":[{"role":"user","content":"hi"},
             {"type":"tool_search_output","call_id":"c","tools":[{"type":"mcp"}]}]}\
            """);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("input[1].tools[0]");
    assertThat(provider.asked()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHAT|\"tools\":null",
        "CHAT|\"plugins\":[],\"web_search_options\":null",
        "CHAT|\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]",
        "CHAT|\"tools\":[{\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]",
        "CHAT|\"prompt\":\"another provider's word\"",
        "MESSAGES|\"mcp_servers\":[]",
        "MESSAGES|\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}]",
        "MESSAGES|\"tools\":[{\"type\":\"custom\",\"name\":\"f\",\"input_schema\":{}}]",
        "MESSAGES|\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]",
        "MESSAGES|\"tools\":[{\"type\":\"text_editor_20250728\",\"name\":\"e\"}]",
        "MESSAGES|\"tools\":[{\"type\":\"computer_20250124\",\"name\":\"c\"}]",
        "MESSAGES|\"tools\":[{\"type\":\"memory_20250818\",\"name\":\"m\"}]",
        "RESPONSES|\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}]",
        "RESPONSES|\"tools\":[{\"type\":\"custom\",\"name\":\"c\"},{\"type\":\"apply_patch\"}]",
        "RESPONSES|\"tools\":[{\"type\":\"local_shell\"}]",
        "RESPONSES|\"tools\":[{\"type\":\"namespace\",\"tools\":[{\"type\":\"function\"}]}]",
        "RESPONSES|\"prompt\":null"
      })
  void whatTheClientRunsPassesUntouched(Protocol protocol, String member) throws Exception {
    Provider provider = provider("first", protocol);
    lab.start();

    assertThat(askWith(protocol, member).statusCode()).isEqualTo(200);
    assertThat(provider.seen().getLast().body()).contains(member);
    assertThat(lab.fixture.audit.rows("intent").getLast()).doesNotContainKey("provider_tools");
  }

  @Test
  void allowedToolPassesOnEveryHopAndIsOnRecord() throws Exception {
    Provider first =
        lab.provider("first", ProviderType.ANTHROPIC)
            .then(
                Provider.json(529, Words.error(Protocol.MESSAGES, "overloaded_error", "", "busy")));
    Provider second = provider("second", Protocol.MESSAGES);
    startAllowing("web_search", "mcp");
    String tool = "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]";

    assertThat(askWith(Protocol.MESSAGES, tool).statusCode()).isEqualTo(200);

    assertThat(first.seen().getLast().body()).contains(tool);
    assertThat(second.seen().getLast().body()).contains(tool);
    assertThat(lab.fixture.audit.rows("intent").getLast())
        .containsEntry("verdict", "allow")
        .containsEntry("provider_tools", List.of("web_search"));
  }

  @Test
  void oneAllowedToolAllowsNoOther() throws Exception {
    Provider provider = provider("first", Protocol.RESPONSES);
    startAllowing("web_search");

    HttpResponse<String> reply =
        askWith(
            Protocol.RESPONSES,
            "\"tools\":[{\"type\":\"web_search\"},{\"type\":\"code_interpreter\"}]");

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("tools[1]", "provider_tools: [code_interpreter]");
    assertThat(provider.asked()).isZero();
  }

  @Test
  void allowedToolIsNotDroppedWhereTheOtherProtocolHasNoneSuch() throws Exception {
    Provider provider = provider("first", Protocol.MESSAGES);
    startAllowing("file_search");

    HttpResponse<String> reply =
        askWith(Protocol.RESPONSES, "\"tools\":[{\"type\":\"file_search\"}]");

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("tools[0]");
    assertThat(provider.asked()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"Tools\":[{\"type\":\"web_search\"}]|lower case",
        "\"MCP_servers\":[]|lower case",
        "\"tools\":{\"type\":\"web_search\"}|must be a list",
        "\"tools\":[\"web_search\"]|must be an object",
        "\"tools\":[{\"type\":7}]|must be a string",
        "\"tools\":[{\"type\":\"mcp\",\"type\":\"function\"}]|there twice",
        "\"tools\":[{\"google_search\":{}}]|cannot be allowed by name",
        "\"tools\":[{\"type\":\"Web Search\"}]|cannot be allowed by name"
      })
  void whatCanBeReadTwoWaysIsRefused(String member, String why) throws Exception {
    Provider provider = provider("first", Protocol.CHAT);
    startAllowing("web_search", "mcp");

    HttpResponse<String> reply = askWith(Protocol.CHAT, member);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
    assertThat(reply.body()).contains(why);
    assertThat(provider.asked()).isZero();
  }

  @Test
  void nobodyIsToldOfToolsWhoMayNotCallAtAll() throws Exception {
    Provider provider = provider("first", Protocol.CHAT);
    lab.start();
    lab.fixture.demand(new Deny(new Reason("test.rule", "not this agent")));

    HttpResponse<String> reply = askWith(Protocol.CHAT, "\"web_search_options\":{}");

    assertThat(reply.statusCode()).isEqualTo(403);
    assertThat(provider.asked()).isZero();
    assertThat(lab.fixture.audit.rows("intent").getLast()).containsEntry("rule", "test.rule");
  }
}
