package dev.gatehouse.connectors.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.ModernServerScript;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of faults in an upstream's list, and how often. */
class ListingNotesTest {

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(ListingNotes.class);

  private final HttpServerScript server = new HttpServerScript();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    LOGGER.addAppender(log);
  }

  @AfterEach
  void stop() {
    LOGGER.detachAppender(log);
    server.close();
  }

  @Test
  void faultIsToldOnceAndAgainWhenTheDefinitionChanges() {
    server.tools = "[{\"name\":\"odd\",\"title\":1},{\"name\":\"odd\"},{}]";
    try (House house = new House(server.config("h"))) {
      house.awaitUp("h");
      await().atMost(House.PATIENCE).until(() -> !server.streams.isEmpty());
      assertThat(lines())
          .containsExactly(
              "mcp h: the definition of tool 'odd' breaks MCP's schema and was mended",
              "mcp h: tool 'odd' is listed twice; the first one counts",
              "mcp h: a tool has no name and cannot be called; left out");

      relist();
      assertThat(lines()).hasSize(3);

      server.tools = "[{\"name\":\"odd\",\"title\":2}]";
      relist();
      assertThat(lines()).hasSize(4);

      relist();
      assertThat(lines()).hasSize(4);
    }
  }

  @Test
  void toolWithWrongHeaderMarksIsToldOfOnceAndAgainWhenItChanges() {
    try (ModernServerScript modern = new ModernServerScript()) {
      modern.tools = marked("a b");
      try (House house = new House(modern.config("m"))) {
        house.awaitUp("m");
        await().atMost(House.PATIENCE).until(() -> !modern.listening.isEmpty());
        assertThat(house.names()).isEmpty();
        assertThat(lines())
            .containsExactly(
                "mcp m: tool 'odd' is left out: x-mcp-header is no name of an HTTP header");

        relist(modern);
        assertThat(lines()).hasSize(1);

        modern.tools = marked("c d");
        relist(modern);
        assertThat(lines()).hasSize(2);
      }
    }
  }

  private static String marked(String header) {
    return """
    [{"name":"odd","inputSchema":{"type":"object","properties":{"p":{"type":"string",\
    "x-mcp-header":"%s"}}}}]\
    """
        .formatted(header);
  }

  private static void relist(ModernServerScript modern) {
    for (int i = 0; i < 2; i++) {
      int before = modern.seen("tools/list").size();
      modern.tell("notifications/tools/list_changed", "");
      await().atMost(House.PATIENCE).until(() -> modern.seen("tools/list").size() > before);
    }
  }

  @Test
  void faultsThatAreToldOfOneListAreBounded() {
    ListingNotes notes = new ListingNotes("h");
    notes.begin();

    for (int i = 0; i <= ListingNotes.NOTES_MAX; i++) {
      notes.add("fault " + i, "");
    }

    assertThat(lines()).hasSize(ListingNotes.NOTES_MAX);
  }

  /** Has the list read once more, to its end: the next one begins after it. */
  private void relist() {
    for (int i = 0; i < 2; i++) {
      long before = server.count("tools/list");
      server.tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
      await().atMost(House.PATIENCE).until(() -> server.count("tools/list") > before);
    }
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
