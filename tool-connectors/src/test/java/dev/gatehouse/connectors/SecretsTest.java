package dev.gatehouse.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.HttpServerScript;
import dev.gatehouse.connectors.house.Scripted;
import dev.gatehouse.core.tool.ConnectorHealth;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the log at debug level, health and replies say when things go wrong. */
class SecretsTest {

  private static final String SECRET = "sk-verysecret-0815";

  @TempDir Path folder;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.gatehouse");

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void unlisten() {
    logger.detachAppender(log);
  }

  @Test
  void headerValuesAreNotLogged() {
    HttpServerScript server = new HttpServerScript();
    try (server;
        House house = new House(server.config("h", Map.of("Authorization", "Bearer " + SECRET)))) {
      house.awaitUp("h");
      server.call = (request, _) -> request.response().setStatusCode(401).end(SECRET);
      String said = house.call("h__echo").toString();
      server.call = (request, _) -> HttpServerScript.json(request, "{\"broken " + SECRET);
      said += house.call("h__echo");
      server.stop();
      house.awaitState("h", ConnectorHealth.State.DOWN);
      assertThat(said + house.connector("h").health()).doesNotContain(SECRET);
    }
    assertThat(logged()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
  }

  @Test
  void standardErrorIsLoggedWithoutConfiguredValues() {
    Scripted server = new Scripted(folder, "s");
    try (House house = new House(server.config("s", "exit", Map.of("SECRET_KEY", SECRET)))) {
      house.awaitState("s", ConnectorHealth.State.DOWN);
      await()
          .atMost(House.PATIENCE)
          .until(() -> logged().stream().anyMatch(line -> line.contains("cannot start, key=***")));
      assertThat(house.connector("s").health().detail()).contains("exit code 7");
    }
    assertThat(logged()).noneMatch(line -> line.contains(SECRET));
  }

  private List<String> logged() {
    return List.copyOf(log.list).stream()
        .map(
            event ->
                event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                        ? ""
                        : ThrowableProxyUtil.asString(event.getThrowableProxy())))
        .toList();
  }
}
