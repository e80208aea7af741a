package dev.gatehouse.console;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.publish.PolicyVersion;
import dev.gatehouse.core.publish.PolicyVersions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Two versions, of which the second is in force; publishing can be refused and fail. */
final class TwoPolicyVersions implements PolicyVersions {

  volatile Published result = new Published.Done(3, 2, Digest.ofJson("all"));
  volatile boolean unrecorded;
  volatile String told = "";

  @Override
  public List<PolicyVersion> versions() {
    return List.of(version(2), version(1));
  }

  private static PolicyVersion version(int number) {
    return new PolicyVersion(
        number, Digest.ofJson(number), 7, Instant.parse("2026-01-01T00:00:00Z"), "ann", "why");
  }

  @Override
  public int inForce() {
    return 2;
  }

  @Override
  public CompletionStage<Optional<String>> text(int number) {
    return CompletableFuture.completedStage(
        number == 1 ? Optional.of("policy \"one\":\n") : Optional.empty());
  }

  @Override
  public CompletionStage<Published> publish(String text, String operator, String reason) {
    return answer(operator + " publishes " + text + ": " + reason);
  }

  @Override
  public CompletionStage<Published> rollBack(int number, String operator, String reason) {
    return answer(operator + " returns to " + number + ": " + reason);
  }

  private CompletionStage<Published> answer(String what) {
    if (unrecorded) {
      return CompletableFuture.failedStage(new IllegalStateException("secret detail"));
    }
    told = what;
    return CompletableFuture.completedStage(result);
  }
}
