package dev.gatehouse.llm.replay;

import dev.gatehouse.llm.wire.Api;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the outcome row of a call says about where it went and why.
 *
 * @param model the name that the client used
 * @param configDigest names the routing config that decided
 * @param seed of the call's draws; empty when it drew nothing
 * @param heard what its journey was told, in order
 * @param candidates the lanes in the order of trying, and how their health was known
 * @param attempts the tries
 * @param excluded the lanes that were passed by
 */
public record RecordedCall(
    String model,
    Api api,
    String configDigest,
    String route,
    OptionalLong seed,
    List<Map<String, Object>> heard,
    List<Map<String, Object>> candidates,
    List<Map<String, Object>> attempts,
    List<Map<String, Object>> excluded,
    String outcome,
    String providerUsed) {

  /**
   * Reads an outcome row.
   *
   * @throws NotReplayableException when it is none of an LLM call, or from before such rows kept
   *     enough
   */
  public static RecordedCall read(Map<String, Object> row) throws NotReplayableException {
    String action = Values.text(row, "action_type");
    if (!action.startsWith("llm.") || !Values.text(row, "type").equals("outcome")) {
      throw new NotReplayableException(
          "this is no outcome of an LLM call but '"
              + (action.isEmpty() ? Values.text(row, "type") : action)
              + "'");
    }
    if (!row.containsKey("routing")) {
      throw new NotReplayableException(
          "this row is of an older shape, without 'routing': what the call's way followed from is"
              + " not on record");
    }
    try {
      return read(row, Values.object(row, "routing"));
    } catch (ClassCastException | IllegalArgumentException e) {
      throw new NotReplayableException("'routing' of this row cannot be read", e);
    }
  }

  private static RecordedCall read(Map<String, Object> row, Map<String, Object> routing) {
    return new RecordedCall(
        Values.text(row, "model"),
        Api.valueOf(Values.text(routing, "api").toUpperCase(Locale.ROOT)),
        Values.text(routing, "config_digest"),
        Values.text(routing, "route"),
        routing.containsKey("seed")
            ? OptionalLong.of(Values.number(routing, "seed"))
            : OptionalLong.empty(),
        Values.objects(routing, "heard"),
        Values.objects(row, "candidates"),
        Values.objects(row, "attempts"),
        Values.objects(row, "candidates_excluded"),
        Values.text(row, "outcome"),
        Values.text(row, "provider_used"));
  }
}
