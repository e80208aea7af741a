package dev.gatehouse.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.registry.Operator;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What operators order of the record: a checkpoint, new keys, seals, an erasure. */
final class RecordRoutes {

  private final RecordOrders orders;

  RecordRoutes(RecordOrders orders) {
    this.orders = orders;
  }

  CompletionStage<Answer> answer(String order, Operator operator, ObjectNode body) {
    return switch (order) {
      case "erase" -> erase(operator, body);
      case "rotate-key" -> rotateKey(operator);
      case "seal" -> seal(operator, body);
      case "expire" -> retained(orders.retention().expire(operator.name()));
      default -> checkpoint();
    };
  }

  private CompletionStage<Answer> seal(Operator operator, ObjectNode body) {
    return retained(
        orders
            .retention()
            .seal(
                body.path("stream").asText(),
                body.path("until").asText(),
                body.path("hold").asText(),
                body.path("release").asBoolean(),
                operator.name()));
  }

  private static CompletionStage<Answer> retained(CompletionStage<Map<String, Object>> carriedOut) {
    return carriedOut.handle(
        (done, failure) -> {
          Throwable why =
              failure instanceof CompletionException e && e.getCause() != null
                  ? e.getCause()
                  : failure;
          if (why == null) {
            return Answer.ok(done);
          }
          return why instanceof IllegalArgumentException
              ? Answer.error(400, "bad_request", String.valueOf(why.getMessage()))
              : Answer.error(
                  503,
                  "not_carried_out",
                  "the order was not carried out to its end; see the gateway's log and its status,"
                      + " and order it again");
        });
  }

  private CompletionStage<Answer> rotateKey(Operator operator) {
    return orders
        .rotateKey()
        .apply(operator.name())
        .handle(
            (rotated, failure) ->
                failure == null
                    ? Answer.ok(rotated)
                    : Answer.error(
                        503,
                        "not_rotated",
                        "the change of keys was not carried out to its end; see the status, and"
                            + " order it again"));
  }

  private CompletionStage<Answer> checkpoint() {
    return orders
        .checkpoint()
        .get()
        .handle(
            (checkpoint, failure) ->
                failure == null
                    ? Answer.ok(checkpoint)
                    : Answer.error(
                        503, "not_kept", "the checkpoint could not be kept; see the status"));
  }

  private CompletionStage<Answer> erase(Operator operator, ObjectNode body) {
    String subject = Json.text(body, "subject");
    String reason = Json.text(body, "reason");
    if (subject.isBlank()) {
      throw new BadRequestException("an erasure names a subject");
    }
    if (reason.isBlank()) {
      throw new BadRequestException("an erasure needs a reason");
    }
    return orders
        .erasure()
        .erase(subject, operator.name(), reason)
        .handle(
            (erased, failure) -> {
              Throwable why =
                  failure instanceof CompletionException e && e.getCause() != null
                      ? e.getCause()
                      : failure;
              if (erased != null) {
                return Answer.ok(Map.of("key", erased.key(), "row", erased.row().toString()));
              }
              return why instanceof IllegalArgumentException
                  ? Answer.error(404, "not_found", "nothing is kept about this subject")
                  : Answer.error(
                      503, "not_erased", "the erasure was not carried out; order it again");
            });
  }
}
