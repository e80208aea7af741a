package dev.gatehouse.connectors.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.FlowLimits;
import dev.gatehouse.connectors.config.UpstreamLimits;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Recorder;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.context.ContextCatalog.Located;
import dev.gatehouse.testkit.GateFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A result links to a resource that its upstream does not list. */
class LinkedResourcesTest {

  private static final Principal MINE = GateFixture.PRINCIPAL;

  private final HttpServerScript server = new HttpServerScript();
  private final HttpServerScript other = new HttpServerScript();

  @BeforeEach
  void script() {
    for (HttpServerScript one : List.of(server, other)) {
      one.capabilities = "{\"tools\":{},\"resources\":{}}";
      links(one, "doc://a");
    }
  }

  @AfterEach
  void stop() {
    server.close();
    other.close();
  }

  @Test
  void theOneWhoGotTheLinkReadsItAtItsConnector() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      assertThat(located(house, "doc://a", MINE)).isEmpty();
      house.call("h__echo");

      Located located = located(house, "doc://a", MINE).orElseThrow();
      assertThat(located.source().connector()).isEqualTo("h");
      assertThat(located.source().targetTier())
          .isEqualTo(server.config("h").governance().environment());
      House.get(
          house
              .connectors
              .contexts()
              .connector(located.source())
              .orElseThrow()
              .execute(
                  house.grant(ContextOperation.READ_RESOURCE, located, "doc://a", Map.of()),
                  new Recorder(false))
              .toCompletableFuture());
      assertThat(server.seen.getLast().body()).contains("resources/read").contains("doc://a");
    }
  }

  @Test
  void nobodyElseReadsItAndNothingBesideIt() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      house.call("h__echo");

      assertThat(located(house, "doc://a", GateFixture.OTHER)).isEmpty();
      assertThat(located(house, "doc://a/b", MINE)).isEmpty();
      assertThat(house.connectors.contexts().locate("doc://a")).as("without a reader").isEmpty();
      assertThat(house.names(dev.gatehouse.core.context.ContextKind.RESOURCE)).isEmpty();
    }
  }

  @Test
  void aLinkOfTwoConnectorsIsNobodys() {
    try (House house = new House(server.config("h"), other.config("o"))) {
      house.awaitUp("h");
      house.awaitUp("o");
      house.call("h__echo");
      house.call("o__echo");

      assertThat(located(house, "doc://a", MINE)).isEmpty();
    }
  }

  @Test
  void aLinkTakesNothingFromTheConnectorThatListsIt() {
    other.lists.put("resources/list", "{\"resources\":[{\"uri\":\"doc://a\",\"name\":\"a\"}]}");
    try (House house = new House(server.config("h"), other.config("o"))) {
      house.awaitUp("h");
      house.awaitUp("o");
      house.call("h__echo");

      assertThat(located(house, "doc://a", MINE).orElseThrow().source().connector()).isEqualTo("o");
    }
  }

  @Test
  void aLinkToWhatSeveralListIsNobodys() {
    for (HttpServerScript one : List.of(server, other)) {
      one.lists.put("resources/list", "{\"resources\":[{\"uri\":\"doc://a\",\"name\":\"a\"}]}");
    }
    try (HttpServerScript third = new HttpServerScript()) {
      links(third, "doc://a");
      try (House house = new House(server.config("h"), other.config("o"), third.config("t"))) {
        house.awaitUp("h");
        house.awaitUp("o");
        house.awaitUp("t");
        house.call("t__echo");

        assertThat(located(house, "doc://a", MINE)).isEmpty();
      }
    }
  }

  @Test
  void aLinkDoesNotServeWhatSeveralListLater() {
    for (HttpServerScript one : List.of(server, other)) {
      one.lists.put("resources/list", "{\"resources\":[{\"uri\":\"doc://a\",\"name\":\"a\"}]}");
    }
    try (HttpServerScript third = new HttpServerScript()) {
      links(third, "doc://a");
      try (House house = new House(third.config("t"))) {
        house.awaitUp("t");
        house.call("t__echo");
        assertThat(located(house, "doc://a", MINE)).isPresent();

        house.connectors.replace(List.of(third.config("t"), server.config("h"), other.config("o")));
        house.awaitUp("h");
        house.awaitUp("o");

        assertThat(located(house, "doc://a", MINE)).isEmpty();
      }
    }
  }

  @Test
  void aLinkToWhatIsListedTakesNoPlace() {
    FlowLimits two = new FlowLimits(1, 1, 1, 1, 64, 1, 1_024, 1, 1, 2);
    server.lists.put("resources/list", "{\"resources\":[{\"uri\":\"doc://l\",\"name\":\"l\"}]}");
    links(server, "doc://a", "doc://b", "doc://l");
    try (House house = new House(server.config("h").with(UpstreamLimits.DEFAULTS.with(two)))) {
      house.awaitUp("h");
      house.call("h__echo");

      assertThat(located(house, "doc://a", MINE)).isPresent();
      assertThat(located(house, "doc://l", MINE)).isPresent();
    }
  }

  @Test
  void theOldestLinkIsForgottenBeyondTheLimit() {
    FlowLimits two = new FlowLimits(1, 1, 1, 1, 64, 1, 1_024, 1, 1, 2);
    links(server, "doc://a", "doc://b", "doc://c", "not a uri");
    try (House house = new House(server.config("h").with(UpstreamLimits.DEFAULTS.with(two)))) {
      house.awaitUp("h");
      house.call("h__echo");

      assertThat(located(house, "doc://a", MINE)).isEmpty();
      assertThat(located(house, "doc://b", MINE)).isPresent();
      assertThat(located(house, "doc://c", MINE)).isPresent();
    }
  }

  @Test
  void anUpstreamThatIsGoneServesNoLinks() {
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      house.call("h__echo");
      Located located = located(house, "doc://a", MINE).orElseThrow();

      house.connectors.replace(List.of());

      assertThat(located(house, "doc://a", MINE)).isEmpty();
      assertThat(house.connectors.contexts().connector(located.source())).isEmpty();
    }
  }

  private static Optional<Located> located(House house, String uri, Principal reader) {
    return house.connectors.contexts().locate(uri, reader);
  }

  private static void links(HttpServerScript server, String... uris) {
    StringBuilder blocks = new StringBuilder();
    for (String uri : uris) {
      blocks
          .append(blocks.isEmpty() ? "" : ",")
          .append("{\"type\":\"resource_link\",\"name\":\"n\",\"uri\":\"" + uri + "\"}");
    }
    server.call =
        (request, id) ->
            HttpServerScript.json(
                request, HttpServerScript.result(id, "{\"content\":[" + blocks + "]}"));
  }
}
