package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.address.AddressKind;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where requests may go that a server's metadata causes. */
class ReachTest {

  private static final Map<String, String> HOSTS =
      Map.of(
          "mcp.example", "93.184.216.34",
          "login.example", "93.184.216.35",
          "inside.example", "10.1.2.3",
          "login.inside.example", "10.9.9.9",
          "metadata.example", "169.254.169.254",
          "localhost", "127.0.0.1");

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, PUBLIC",
    "10.0.0.1, PRIVATE",
    "172.16.0.1, PRIVATE",
    "172.32.0.1, PUBLIC",
    "192.168.1.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "127.8.8.8, LOOPBACK",
    "0.0.0.0, NEVER",
    "169.254.169.254, NEVER",
    "224.0.0.1, NEVER",
    "255.255.255.255, NEVER",
    "192.0.2.1, NEVER",
    "198.18.0.1, NEVER",
    "::1, LOOPBACK",
    "::, NEVER",
    "::ffff:10.0.0.1, PRIVATE",
    "::ffff:127.0.0.1, LOOPBACK",
    "fd00::1, PRIVATE",
    "fe80::1, NEVER",
    "ff02::1, NEVER",
    "2606:4700::1111, PUBLIC",
    "2001:db8::1, NEVER",
    "64:ff9b::a00:1, NEVER",
    "64:ff9b::808:808, PUBLIC",
    "2002:7f00:1::, NEVER",
    "2001:0:4136::1, NEVER",
    "::7f00:1, NEVER",
  })
  void anAddressLeadsWhereTheRegistriesSay(String address, AddressKind kind) throws Exception {
    assertThat(AddressKind.of(InetAddress.getByName(address))).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    // upstream, target, allowed
    "https://mcp.example/mcp, https://login.example/x, true",
    "https://mcp.example/mcp, http://login.example/x, false",
    "https://mcp.example/mcp, https://inside.example/x, false",
    "https://mcp.example/mcp, https://metadata.example/x, false",
    "https://mcp.example/mcp, https://localhost/x, false",
    "https://mcp.example/mcp, http://localhost/x, false",
    "https://mcp.example/mcp, https://unknown.example/x, false",
    "https://mcp.example/mcp, https://user@login.example/x, false",
    "https://mcp.example/mcp, file:///etc/passwd, false",
    "https://inside.example/mcp, https://login.inside.example/x, true",
    "https://inside.example/mcp, http://login.inside.example/x, false",
    "https://inside.example/mcp, https://metadata.example/x, false",
    "https://inside.example/mcp, http://localhost/x, false",
    "http://localhost:1/mcp, http://localhost:2/x, true",
    "http://localhost:1/mcp, https://login.example/x, true",
    "http://localhost:1/mcp, https://inside.example/x, false",
    "http://localhost:1/mcp, https://metadata.example/x, false",
  })
  void reachesThePublicInternetAndWhereTheConfigPointsAlready(
      URI upstream, URI target, boolean allowed) {
    Reach reach = new Reach(List.of(upstream), ReachTest::resolve);
    if (allowed) {
      assertThat(addresses(reach, target)).isPresent();
    } else {
      assertThat(addresses(reach, target)).isEmpty();
    }
  }

  @Test
  void oneForbiddenAddressAmongOthersIsEnoughToRefuseAHost() {
    Reach reach =
        new Reach(
            List.of(URI.create("https://mcp.example/mcp")),
            host ->
                host.equals("two.example")
                    ? List.of(
                        InetAddress.getByName("93.184.216.34"), InetAddress.getByName("10.0.0.1"))
                    : resolve(host));

    assertThatThrownBy(() -> reach.addresses(URI.create("https://two.example/")))
        .hasMessageContaining("private");
  }

  @Test
  void aHostIsAskedAtTheVeryAddressThatWasChecked() throws Exception {
    Vertx vertx = Vertx.vertx();
    AtomicInteger resolved = new AtomicInteger();
    try (AuthServerScript server = new AuthServerScript()) {
      URI url = URI.create("http://as.localhost:" + server.port() + "/token");
      HostResolver resolver =
          _ ->
              List.of(
                  InetAddress.getByName(
                      resolved.getAndIncrement() == 0 ? "127.0.0.1" : "127.1.1.1"));
      try (OAuthHttp http =
          new OAuthHttp(vertx, new Reach(List.of(url), resolver), Duration.ofSeconds(10))) {

        assertThat(http.get(url).status()).isEqualTo(200);
      }
      assertThat(resolved).hasValue(1);
      assertThat(server.seen("/token").getFirst().headers())
          .containsEntry("Host", "as.localhost:" + server.port());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUp() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (java.net.ServerSocket silent =
        new java.net.ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      try (OAuthHttp http =
          new OAuthHttp(
              vertx, new Reach(List.of(url), HostResolver.SYSTEM), Duration.ofMillis(200))) {
        assertThatThrownBy(() -> http.get(url)).isInstanceOf(OAuthException.class);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static Optional<List<InetAddress>> addresses(Reach reach, URI target) {
    try {
      return Optional.of(reach.addresses(target));
    } catch (OAuthException e) {
      return Optional.empty();
    }
  }

  private static List<InetAddress> resolve(String host) throws UnknownHostException {
    String address = HOSTS.get(host);
    if (address == null) {
      throw new UnknownHostException(host);
    }
    return List.of(InetAddress.getByName(address));
  }
}
