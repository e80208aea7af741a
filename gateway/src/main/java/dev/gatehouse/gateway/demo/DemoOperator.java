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

/** The person of the demo: approves over the admin API, as the operator commands do. */
final class DemoOperator {

  private DemoOperator() {}

  static String approve(GatewayConfig config, ApprovalId id)
      throws IOException, InterruptedException {
    String token = Files.readString(config.dataDir().resolve("operator.token")).strip();
    URI uri =
        URI.create(
            "http://127.0.0.1:" + config.admin().port() + "/admin/v1/approvals/" + id + "/approve");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString("{\"reason\":\"the fire is out\"}"))
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      JsonObject answer = new JsonObject(response.body());
      return response.statusCode() == 200
          ? id + " is " + answer.getString("state") + " by " + answer.getString("decided_by")
          : answer.encode();
    }
  }
}
