package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.Dialect;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.config.RouteTarget;
import dev.gatehouse.llm.config.Secret;
import dev.gatehouse.llm.wire.Protocol;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers behind TLS: a certificate that nobody vouches for gets no request, and no key. */
class TlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir private static Path folder;

  private final Lab lab = new Lab();

  @BeforeAll
  static void makeCertificate() throws Exception {
    keytool(
        "-genkeypair -alias a -keyalg EC -dname CN=localhost -ext san=dns:localhost -validity 30"
            + " -storetype PKCS12 -keystore");
    keytool("-exportcert -rfc -alias a -file " + folder.resolve("ca.pem") + " -keystore");
  }

  private static void keytool(String arguments) throws Exception {
    List<String> command =
        List.of(
            (System.getProperty("java.home")
                    + "/bin/keytool "
                    + arguments
                    + " "
                    + folder.resolve("server.p12")
                    + " -storepass "
                    + PASSWORD)
                .split(" "));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private HttpResponse<String> ask(Optional<Path> authorities) throws Exception {
    HttpServer server =
        Lab.done(
            Lab.VERTX
                .createHttpServer(
                    new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                            new PfxOptions()
                                .setPath(folder.resolve("server.p12").toString())
                                .setPassword(PASSWORD)))
                .requestHandler(request -> request.response().end(Words.CHAT_REPLY))
                .listen(0, "127.0.0.1"));
    lab.start(
        LlmConfig.of(
            List.of(
                new ProviderConfig(
                    "tls",
                    ProviderType.OPENAI,
                    URI.create("https://localhost:" + server.actualPort() + "/v1"),
                    Optional.of(new Secret("sk-tls")),
                    Map.of(),
                    true,
                    authorities,
                    Dialect.usual(ProviderType.OPENAI))),
            List.of(
                new ModelRoute(
                    new Glob("fast"), "", TargetTier.PROD, List.of(RouteTarget.of("tls", ""))))));
    HttpResponse<String> reply = lab.ask(Protocol.CHAT, false);
    Lab.done(server.close());
    return reply;
  }

  @Test
  void unknownAuthorityIsRefused() throws Exception {
    HttpResponse<String> reply = ask(Optional.empty());

    assertThat(reply.statusCode()).isEqualTo(502);
    assertThat(reply.body()).contains("tls LLMConnectionError");
  }

  @Test
  void configuredAuthorityIsTrusted() throws Exception {
    assertThat(ask(Optional.of(folder.resolve("ca.pem"))).statusCode()).isEqualTo(200);
  }

  @Test
  void missingAuthorityFileIsAConnectionThatFails() throws Exception {
    HttpResponse<String> reply = ask(Optional.of(folder.resolve("nowhere.pem")));

    assertThat(reply.body()).contains("tls LLMConnectionError");
  }
}
