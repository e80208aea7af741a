package dev.gatehouse.core.limit;

import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.Situation;
import dev.gatehouse.core.gate.Allowance;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.limit.Limits.Need;
import dev.gatehouse.core.limit.Limits.Taken;
import dev.gatehouse.core.limit.UsageLimit.Dimension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one tool call takes of the limits that cover it: itself. Lives on one event loop. */
final class ToolClaim implements Allowance {

  /** Longest session name that is kept as it is; of a longer one its digest is. */
  private static final int SESSION_LENGTH_MAX = 64;

  private final Limits limits;
  private final List<UsageLimit> inForce;
  private final ToolCall call;
  private List<Taken> taken = List.of();

  ToolClaim(Limits limits, List<UsageLimit> inForce, ToolCall call) {
    this.limits = limits;
    this.inForce = inForce;
    this.call = call;
  }

  @Override
  public Optional<Decision> take(Situation situation) {
    String agent = call.principal().agent().value();
    String team =
        situation
            .agent()
            .map(found -> found.labels().getOrDefault(UsageLimit.TEAM_LABEL, ""))
            .orElse("");
    Map<Dimension, String> names =
        Map.of(
            Dimension.AGENT,
            agent,
            Dimension.TEAM,
            team,
            Dimension.SESSION,
            session(call.session()),
            Dimension.TOOL,
            call.tool().name());
    List<Need> needs = new ArrayList<>();
    for (UsageLimit limit : inForce) {
      if (limit.coversTool(agent, team, call.tool().name())) {
        limit
            .amounts()
            .forEach(
                (measure, most) ->
                    needs.add(new Need(CountKey.of(limit, measure, names), most, 1)));
      }
    }
    return needs.isEmpty() ? Optional.empty() : take(needs);
  }

  private Optional<Decision> take(List<Need> needs) {
    return switch (limits.take(needs)) {
      case Limits.Result.Took(var all) -> {
        taken = all;
        yield Optional.empty();
      }
      case Limits.Result.Full(var full) -> Optional.of(full.demand());
      case Limits.Result.NoRoom(var refusal) -> Optional.of(refusal);
    };
  }

  private static String session(String name) {
    return name.length() <= SESSION_LENGTH_MAX
        ? name
        : Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex() + '#';
  }

  @Override
  public void giveBack() {
    taken.forEach(one -> limits.correct(one, 0));
    taken = List.of();
  }
}
