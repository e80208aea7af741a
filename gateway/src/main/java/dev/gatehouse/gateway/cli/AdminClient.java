package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigLoader.AdminPlace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The operator's side of the admin API: finds the running gateway and the operator's key from the
 * config file, or from {@code --admin} and the environment variable {@code GATEHOUSE_OPERATOR_KEY}.
 */
final class AdminClient {

  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private ConfigFile file = new ConfigFile();

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "The admin API (default: as the config file says).")
  private @Nullable URI admin;

  /** The config file that says where the gateway is. */
  ConfigFile file() {
    return file;
  }

  JsonNode get(String path) {
    return send(HttpRequest.newBuilder().GET(), path);
  }

  JsonNode post(String path, Map<String, Object> body) {
    return post(path, body, TIMEOUT);
  }

  /** The same with work that takes longer. */
  JsonNode post(String path, Map<String, Object> body, Duration atMost) {
    return send(
        HttpRequest.newBuilder().header("content-type", "application/json").POST(json(body)),
        path,
        atMost);
  }

  JsonNode delete(String path, Map<String, Object> body) {
    return send(
        HttpRequest.newBuilder()
            .header("content-type", "application/json")
            .method("DELETE", json(body)),
        path);
  }

  private static HttpRequest.BodyPublisher json(Map<String, Object> body) {
    try {
      return BodyPublishers.ofString(JSON.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plain map is always JSON", e);
    }
  }

  private JsonNode send(HttpRequest.Builder request, String path) {
    return send(request, path, TIMEOUT);
  }

  private JsonNode send(HttpRequest.Builder request, String path, Duration atMost) {
    Target target = target();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      HttpRequest complete =
          request
              .uri(target.base.resolve(path))
              .timeout(atMost)
              .header("authorization", "Bearer " + target.key)
              .build();
      HttpResponse<String> response = client.send(complete, BodyHandlers.ofString());
      return answer(response, path);
    } catch (ConnectException e) {
      throw new CliException(
          "no gateway answers at "
              + target.base
              + "; is it running? Start it with: gatehouse start",
          e);
    } catch (IOException e) {
      throw new CliException(
          "the gateway at " + target.base + " did not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    }
  }

  private static JsonNode answer(HttpResponse<String> response, String path)
      throws JsonProcessingException {
    JsonNode body =
        response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
    if (response.statusCode() / 100 == 2) {
      return body;
    }
    throw new CliException(
        body.path("error")
            .path("message")
            .asText("HTTP " + response.statusCode() + " for " + path));
  }

  private Target target() {
    if (admin != null && !isHttp(admin)) {
      throw new CliException("--admin is a URL such as http://127.0.0.1:4001, not " + admin);
    }
    String key = System.getenv().getOrDefault("GATEHOUSE_OPERATOR_KEY", "");
    if (admin != null && !key.isEmpty()) {
      return new Target(admin, key);
    }
    try {
      AdminPlace place = file.admin();
      URI base =
          admin == null
              ? URI.create("http://" + place.endpoint().host() + ":" + place.endpoint().port())
              : admin;
      return new Target(base, key.isEmpty() ? operatorToken(place.dataDir()) : key);
    } catch (ConfigException e) {
      throw new CliException(
          "the config file is not good, so the gateway cannot be found:\n" + e.getMessage(), e);
    }
  }

  private static boolean isHttp(URI place) {
    return place.getHost() != null && String.valueOf(place.getScheme()).matches("https?");
  }

  private static String operatorToken(Path dataDir) {
    Path path = dataDir.resolve("operator.token");
    try {
      return Files.readString(path).strip();
    } catch (IOException e) {
      throw new CliException(
          "cannot read the operator token "
              + path
              + "; is this the gateway's machine and user? Else set GATEHOUSE_OPERATOR_KEY",
          e);
    }
  }

  private record Target(URI base, String key) {}
}
