package dev.gatehouse.gateway.demo;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.gateway.config.GatewayConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.Optional;

/** The person of the demo: approves over the admin API, as the operator commands do. */
final class DemoOperator {

  private DemoOperator() {}

  /** What the call would change, as the approver is shown it. */
  static String diff(GatewayConfig config, ApprovalId id) throws IOException, InterruptedException {
    JsonObject question = new JsonObject(send(config, "approvals/" + id, Optional.empty()).body());
    return question.getValue("diff", "").toString();
  }

  static String approve(GatewayConfig config, ApprovalId id)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        send(
            config,
            "approvals/" + id + "/approve",
            Optional.of("{\"reason\":\"the fire is out\"}"));
    JsonObject answer = new JsonObject(response.body());
    return response.statusCode() == 200
        ? id + " is " + answer.getString("state") + " by " + answer.getString("decided_by")
        : answer.encode();
  }

  /** Ends a suspension; gives the answer. */
  static String reactivate(GatewayConfig config, String agent, String reason)
      throws IOException, InterruptedException {
    String body = new JsonObject().put("reason", reason).encode();
    return send(config, "agents/" + agent + "/reactivate", Optional.of(body)).body();
  }

  /** Asks the admin API; with a body it is a POST. */
  private static HttpResponse<String> send(GatewayConfig config, String path, Optional<String> body)
      throws IOException, InterruptedException {
    String token = Files.readString(config.dataDir().resolve("operator.token")).strip();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + config.admin().port() + "/admin/v1/" + path))
            .header("authorization", "Bearer " + token);
    body.ifPresent(
        json ->
            request.header("content-type", "application/json").POST(BodyPublishers.ofString(json)));
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
