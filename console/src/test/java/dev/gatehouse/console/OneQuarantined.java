package dev.gatehouse.console;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.tool.ToolPins;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** One tool in quarantine, and who approved it why. */
final class OneQuarantined implements ToolPins {

  static final Digest OBSERVED = Digest.of("observed".getBytes(StandardCharsets.UTF_8));

  final List<String> approvals = new CopyOnWriteArrayList<>();

  @Override
  public List<Quarantined> quarantined() {
    return List.of(
        new Quarantined(
            "tickets__close",
            "tickets",
            "close",
            Optional.empty(),
            OBSERVED,
            Map.of(),
            Map.of("description", "Closes"),
            Instant.EPOCH));
  }

  @Override
  public CompletionStage<Result> approve(
      String name, Digest observed, String operator, String reason) {
    if (!name.equals("tickets__close")) {
      return CompletableFuture.completedStage(Result.NOT_QUARANTINED);
    }
    if (!observed.equals(OBSERVED)) {
      return CompletableFuture.completedStage(Result.CHANGED_AGAIN);
    }
    approvals.add(operator + ": " + reason);
    return CompletableFuture.completedStage(Result.APPROVED);
  }
}
