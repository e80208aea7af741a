package dev.gatehouse.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.stop.StopDrills;
import dev.gatehouse.core.stop.StopDrills.Result;
import dev.gatehouse.core.stop.StopScope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Exercises of the kill switch. */
final class DrillRoutes {

  /** How long the other processes are waited for when the request does not say. */
  static final Duration WAIT = Duration.ofSeconds(10);

  private static final int WAIT_MS_MAX = 30_000;

  private final StopDrills drills;

  DrillRoutes(StopDrills drills) {
    this.drills = drills;
  }

  CompletionStage<Answer> drill(Operator operator, ObjectNode body) {
    Optional<StopScope> real =
        body.has("scope")
            ? Optional.of(StopScope.read(Json.tree(body, "scope")))
            : Optional.empty();
    return drills
        .drill(real, Json.text(body, "reason"), operator.name(), wait(body))
        .handle(DrillRoutes::answer);
  }

  private static Duration wait(ObjectNode body) {
    JsonNode wait = body.get("wait_ms");
    if (wait == null) {
      return WAIT;
    }
    if (!wait.isInt() || wait.intValue() < 1 || wait.intValue() > WAIT_MS_MAX) {
      throw new BadRequestException("wait_ms lies in 1.." + WAIT_MS_MAX);
    }
    return Duration.ofMillis(wait.intValue());
  }

  private static Answer answer(@Nullable Result result, @Nullable Throwable failure) {
    if (result == null || failure != null) {
      return Answer.error(
          503,
          "not_recorded",
          "the exercise could not be recorded; what it stopped may still be, see: gatehouse"
              + " kill-switch list");
    }
    return switch (result) {
      case Result.Refused(String why) -> Answer.error(409, "drill_refused", why);
      case Result.Done done -> Answer.ok(view(done));
    };
  }

  private static Map<String, Object> view(Result.Done done) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("scope", done.scope().tree());
    tree.put("complete", done.complete());
    tree.put("lifted", done.lifted());
    tree.put("nodes", done.nodes().stream().map(DrillRoutes::node).toList());
    return tree;
  }

  private static Map<String, Object> node(Confirmation confirmation) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("node", confirmation.node());
    tree.put("confirmed", confirmation.took().isPresent());
    confirmation.took().ifPresent(took -> tree.put("took_ms", took.toMillis()));
    return tree;
  }
}
