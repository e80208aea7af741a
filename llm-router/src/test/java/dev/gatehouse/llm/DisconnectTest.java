package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.testkit.GateFixture;
import io.vertx.core.buffer.Buffer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that leave, and clients that do not read. */
class DisconnectTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.fixture.audit.release();
    lab.close();
  }

  private Socket ask(Protocol protocol, boolean stream) throws Exception {
    Socket socket = lab.socket();
    String body = Words.request(protocol, "fast", stream);
    socket
        .getOutputStream()
        .write(
            ("POST "
                    + Words.path(protocol)
                    + " HTTP/1.1\r\nhost: x\r\nx-api-key: "
                    + GateFixture.KEY
                    + "\r\ncontent-length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private void assertCancelled(Provider provider, String providerUsed) {
    await().atMost(Duration.ofSeconds(5)).until(() -> provider.connectionsClosed() == 1);
    assertThat(lab.outcome())
        .containsEntry("outcome", "indeterminate")
        .containsEntry("provider_used", providerUsed);
    assertThat(Lab.attempts(lab.outcome()).getLast()).containsEntry("kind", "LLMCancelled");
    assertThat(lab.gateway().health().getFirst().recentFailures()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"CHAT, true", "CHAT, false", "MESSAGES, true", "MESSAGES, false"})
  void leavingBeforeTheAnswerCancelsUpstreamAtOnce(Protocol protocol, boolean stream)
      throws Exception {
    Provider provider = lab.provider("first", Words.type(protocol)).then(Provider.silence());
    lab.start();

    try (Socket socket = ask(protocol, stream)) {
      await().until(() -> provider.asked() == 1);
      assertThat(socket.isConnected()).isTrue();
    }

    assertCancelled(provider, "");
  }

  @ParameterizedTest
  @EnumSource
  void leavingInTheMiddleCancelsUpstreamAtOnce(Protocol protocol) throws Exception {
    Provider provider =
        lab.provider("first", Words.type(protocol))
            .then(Provider.stallingStream(Words.begun(protocol)));
    lab.start();

    try (Socket socket = ask(protocol, true)) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    assertCancelled(provider, "first");
  }

  @Test
  void leavingWhileTheRowIsWrittenReleasesNothing() throws Exception {
    Provider provider =
        lab.provider("first", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, false));
    lab.start();
    lab.fixture.audit.hold();

    try (Socket socket = ask(Protocol.CHAT, false)) {
      await().until(() -> provider.asked() == 1);
      assertThat(socket.isConnected()).isTrue();
    }
    await().until(() -> lab.gateway().requestsInFlight() == 0);
    lab.fixture.audit.release();

    assertThat(lab.outcome()).containsEntry("outcome", "indeterminate");
    assertThat(lab.fixture.audit.rows("outcome")).hasSize(1);
  }

  @Test
  void leavingWhileTheRequestIsReadLeavesNoTrace() throws Exception {
    lab.provider("first", ProviderType.OPENAI);
    lab.start();

    try (Socket socket = lab.socket()) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: "
                      + GateFixture.KEY
                      + "\r\ncontent-length: 99\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
      await().until(() -> lab.gateway().requestsInFlight() == 1);
    }

    await().until(() -> lab.gateway().requestsInFlight() == 0);
    assertThat(lab.fixture.audit.rows()).isEmpty();
  }

  @Test
  void clientThatDoesNotReadHoldsTheProviderBackAndIsCutOff() throws Exception {
    lab.limits(Lab.limits(Duration.ofMillis(1_500)));
    String event = Words.chunk("{\"content\":\"" + "x".repeat(8_000) + "\"}", "null");
    long[] sent = {0};
    Provider provider =
        lab.provider("first", ProviderType.OPENAI)
            .then(
                (_, response) -> {
                  response.setChunked(true).putHeader("content-type", "text/event-stream");
                  Lab.VERTX.setPeriodic(
                      5,
                      timer -> {
                        if (response.closed()) {
                          Lab.VERTX.cancelTimer(timer);
                        }
                        while (!response.closed() && !response.writeQueueFull()) {
                          response.write(Buffer.buffer(event));
                          sent[0] += event.length();
                        }
                      });
                });
    lab.start();

    try (Socket socket = ask(Protocol.CHAT, true)) {
      socket.setReceiveBufferSize(4_096);
      await()
          .atMost(Duration.ofSeconds(8))
          .until(() -> lab.gateway().requestsInFlight() == 0 && provider.connectionsClosed() == 1);
    }

    assertThat(sent[0]).as("bounded by socket buffers").isLessThan(64L << 20);
    assertThat(lab.outcome()).containsEntry("outcome", "indeterminate");
    assertThat(lab.gateway().health().getFirst().recentFailures()).isZero();
  }
}
