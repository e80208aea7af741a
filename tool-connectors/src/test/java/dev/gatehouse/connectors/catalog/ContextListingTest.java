package dev.gatehouse.connectors.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.context.ContextCatalog.Located;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.tool.ConnectorHealth;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How resources, templates and prompts are listed, named and found. */
class ContextListingTest {

  private final HttpServerScript server = new HttpServerScript();
  private final HttpServerScript other = new HttpServerScript();

  @BeforeEach
  void offer() {
    for (HttpServerScript one : List.of(server, other)) {
      one.capabilities = "{\"tools\":{},\"resources\":{\"subscribe\":true},\"prompts\":{}}";
    }
    resources(server, "file:///a.txt", "test://1");
    templates(server, "test://{id}", "file:///{+path}");
    prompts(server, "greet", "say hello!");
  }

  @AfterEach
  void stop() {
    server.close();
    other.close();
  }

  @Test
  void everythingIsListedUnderItsExposedName() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(house.names(ContextKind.RESOURCE)).containsExactly("file:///a.txt", "test://1");
      assertThat(house.names(ContextKind.RESOURCE_TEMPLATE))
          .containsExactly("file:///{+path}", "test://{id}");
      assertThat(house.names(ContextKind.PROMPT)).containsExactly("h__greet", "h__say_hello_");
      ContextDescriptor prompt =
          house.connectors.contexts().find(ContextKind.PROMPT, "h__say_hello_").orElseThrow();
      assertThat(prompt.upstreamName()).isEqualTo("say hello!");
      assertThat(prompt.definition()).containsEntry("name", "h__say_hello_");
      assertThat(house.connectors.contexts().connector(prompt)).contains(house.connector("h"));
    }
  }

  @Test
  void listsThatAServerDoesNotDeclareAreNotAskedFor() {
    server.capabilities = "{\"prompts\":{}}";
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(house.names(ContextKind.PROMPT)).hasSize(2);
      assertThat(house.names(ContextKind.RESOURCE)).isEmpty();
      assertThat(server.count("resources/list")).isZero();
    }
  }

  @Test
  void aListThatFailsHidesNoOther() {
    server.lists.remove("resources/list");
    server.lists.remove("prompts/list");
    server.intercept =
        request -> {
          String body = server.seen.getLast().body();
          if (!body.contains("resources/templates/list")) {
            return false;
          }
          String id = body.replaceAll(".*\"id\":(\\d+).*", "$1");
          HttpServerScript.json(
              request,
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + id
                  + ",\"error\":{\"code\":-32603,\"message\":\"oops\"}}");
          return true;
        };
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(house.names()).containsExactly("h__echo");
      for (ContextKind kind : ContextKind.values()) {
        assertThat(house.names(kind)).isEmpty();
      }
    }
  }

  @Test
  void definitionsThatStrictClientsRefuseAreMendedAndWhatCannotBeReadIsLeftOut() {
    server.lists.put(
        "resources/list",
        "{\"resources\":[{\"uri\":\"a://x\",\"mimeType\":7,"
            + "\"annotations\":{\"priority\":3,\"audience\":[\"user\"]}},"
            + "{\"uri\":\"no scheme\",\"name\":\"n\"},{\"name\":\"n\"},7]}");
    server.lists.put(
        "prompts/list",
        "{\"prompts\":[{\"name\":\"p\",\"arguments\":[{\"name\":\"x\",\"required\":\"yes\"},{}]}]}");
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      ContextCatalog contexts = house.connectors.contexts();
      assertThat(house.names(ContextKind.RESOURCE)).containsExactly("a://x");
      assertThat(contexts.list(ContextKind.RESOURCE).getFirst().definition().toString())
          .isEqualTo("{uri=a://x, annotations={audience=[user]}, name=a://x}");
      assertThat(contexts.list(ContextKind.PROMPT).getFirst().definition())
          .containsEntry("arguments", List.of(Map.of("name", "x")));
    }
  }

  @Test
  void aUriIsTakenUpToItsLimit() {
    String longest = "a://" + "x".repeat(ListKind.URI_LENGTH_MAX - 4);
    resources(server, longest, longest + "y");
    resources(other, longest);
    try (House house = new House(server.config("h"), other.config("n".repeat(64)))) {
      house.awaitUp("h");
      house.awaitUp("n".repeat(64));
      assertThat(house.names(ContextKind.RESOURCE)).hasSize(2);
    }
  }

  @Test
  void entriesAreTakenUpToTheirLimitAndBeyondItTheServerIsRefused() {
    UpstreamLimits two =
        new UpstreamLimits(1 << 20, 1 << 20, 10, 2, 10, 10, 8, 1, 1, FlowLimits.DEFAULTS);
    try (House house = new House(server.config("h").with(two))) {
      house.awaitUp("h");
    }
    UpstreamLimits one =
        new UpstreamLimits(1 << 20, 1 << 20, 10, 1, 10, 10, 8, 1, 1, FlowLimits.DEFAULTS);
    try (House house = new House(server.config("h").with(one))) {
      house.awaitState("h", ConnectorHealth.State.DOWN);
      assertThat(house.connector("h").health().detail()).contains("contextEntriesMax (1)");
      assertThat(house.names()).as("its tools are hidden too").isEmpty();
    }
  }

  @Test
  void onlyWhatChangedIsReadAgainAndAnnouncedOnce() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> server.streams.size() == 1);
      List<ContextKind> changes = new CopyOnWriteArrayList<>();
      try (var _ = house.connectors.contexts().onChange(changes::add)) {
        prompts(server, "fresh");
        for (int i = 0; i < 5; i++) {
          server.tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/prompts/list_changed\"}");
        }
        await()
            .atMost(House.PATIENCE)
            .until(() -> house.names(ContextKind.PROMPT).equals(List.of("h__fresh")));
        assertThat(server.count("resources/list")).isEqualTo(1);
        assertThat(server.count("tools/list")).isEqualTo(1);

        resources(server, "file:///b.txt");
        server.tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/list_changed\"}");
        await()
            .atMost(House.PATIENCE)
            .until(() -> house.names(ContextKind.RESOURCE).equals(List.of("file:///b.txt")));
      }
      assertThat(changes).containsExactly(ContextKind.PROMPT, ContextKind.RESOURCE);
    }
  }

  @Test
  void aUriThatTwoServersOfferGetsTheConnectorsNameInBoth() {
    resources(other, "file:///a.txt", "memo://x");
    templates(other, "file:///{+path}");
    prompts(other, "greet");
    try (House house = new House(server.config("h"), other.config("Other 2"))) {
      house.awaitUp("h");
      house.awaitUp("Other 2");
      assertThat(house.names(ContextKind.RESOURCE))
          .containsExactly("h+file:///a.txt", "memo://x", "other-2+file:///a.txt", "test://1");
      assertThat(house.names(ContextKind.RESOURCE_TEMPLATE))
          .containsExactly("h+file:///{+path}", "other-2+file:///{+path}", "test://{id}");

      Located below = house.connectors.contexts().locate("other-2+file:///x/y").orElseThrow();
      assertThat(below.source().connector()).isEqualTo("Other 2");
      assertThat(below.upstreamUri()).isEqualTo("file:///x/y");
      assertThat(house.connectors.contexts().locate("file:///a.txt")).isEmpty();
    }
  }

  @Test
  void aUriThatTwoServersListIsNotTakenByATemplateOfOne() {
    resources(other, "file:///a.txt");
    try (House house = new House(server.config("h"), other.config("other"))) {
      house.awaitUp("h");
      house.awaitUp("other");
      assertThat(house.connectors.contexts().locate("file:///b.txt")).isPresent();
      assertThat(house.connectors.contexts().locate("file:///a.txt")).isEmpty();
      assertThat(house.connectors.contexts().locate("other+file:///a.txt").orElseThrow().source())
          .returns("other", ContextDescriptor::connector);
    }
  }

  @Test
  void anExposedUriCannotBeTakenByAServerThatListsIt() {
    resources(other, "file:///a.txt", "h+file:///a.txt");
    try (House house = new House(server.config("h"), other.config("o"))) {
      house.awaitUp("h");
      house.awaitUp("o");
      assertThat(house.names(ContextKind.RESOURCE)).doesNotContain("h+file:///a.txt").hasSize(4);
      assertThat(house.names(ContextKind.RESOURCE))
          .anyMatch(uri -> uri.matches("h-[0-9a-f]{8}\\+file:///a.txt"));
    }
  }

  @Test
  void theResourceThenTheMostSpecificTemplateIsFound() {
    templates(server, "test://{id}", "test://1{+rest}", "test://{name}");
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(found(house, "test://1")).isEqualTo("test://1");
      assertThat(found(house, "test://12")).isEqualTo("test://1{+rest}");
      assertThat(found(house, "test://2")).as("the first by name").isEqualTo("test://{id}");
      assertThat(house.connectors.contexts().locate("else://2")).isEmpty();
    }
  }

  private static String found(House house, String uri) {
    return house.connectors.contexts().locate(uri).orElseThrow().source().name();
  }

  private static void resources(HttpServerScript server, String... uris) {
    server.lists.put("resources/list", list("resources", "uri", uris));
  }

  private static void templates(HttpServerScript server, String... templates) {
    server.lists.put(
        "resources/templates/list", list("resourceTemplates", "uriTemplate", templates));
  }

  private static void prompts(HttpServerScript server, String... names) {
    server.lists.put("prompts/list", list("prompts", "name", names));
  }

  private static String list(String member, String key, String... names) {
    StringBuilder entries = new StringBuilder();
    for (String name : names) {
      entries.append(entries.isEmpty() ? "" : ",");
      entries.append("{\"").append(key).append("\":\"").append(name).append("\",\"title\":\"t\"}");
    }
    return "{\"" + member + "\":[" + entries + "]}";
  }
}
