package dev.gatehouse.core.limit;

import dev.gatehouse.core.registry.Glob;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How much some calls may use up.
 *
 * @param name how rows, replies and people call it
 * @param per of what each one has a count of its own; one count for all when this is empty
 * @param agents patterns of agents whose calls count
 * @param teams patterns of teams whose agents' calls count; an agent's team is its label {@code
 *     team}
 * @param models patterns of the models as clients ask for them
 * @param tools patterns of the tools as agents call them
 * @param amounts how much; dollars in billionths
 */
public record UsageLimit(
    String name,
    Set<Dimension> per,
    List<Glob> agents,
    List<Glob> teams,
    List<Glob> models,
    List<Glob> tools,
    Map<Measure, Long> amounts) {

  /** The label that says which team an agent belongs to. */
  public static final String TEAM_LABEL = "team";

  /** The largest amount; sums of such stay exact. */
  public static final long MOST = 1L << 52;

  private static final List<Glob> ALL = List.of(new Glob("*"));

  /** What calls differ in. */
  public enum Dimension {
    AGENT,
    TEAM,
    MODEL,
    /** As a client names it, and so one agent's. */
    SESSION,
    TOOL;

    /** As config and people call it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public UsageLimit {
    per = apart(per);
    agents = agents.isEmpty() ? ALL : List.copyOf(agents);
    teams = teams.isEmpty() ? ALL : List.copyOf(teams);
    models = models.isEmpty() ? ALL : List.copyOf(models);
    tools = tools.isEmpty() ? ALL : List.copyOf(tools);
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException(
          "the name of a limit has 1 to 64 characters of a-z A-Z 0-9 . _ -, this is '"
              + name
              + "'");
    }
    if (amounts.isEmpty()) {
      throw new IllegalArgumentException(
          "limit " + name + " limits nothing; write requests_per_minute: 60, say");
    }
    amounts = Map.copyOf(new EnumMap<>(amounts));
    for (long amount : amounts.values()) {
      if (amount < 1 || amount > MOST) {
        throw new IllegalArgumentException(
            "the amounts of limit " + name + " lie in 1.." + MOST + ", this is " + amount);
      }
    }
  }

  /** A limit that does not look at tools. */
  public UsageLimit(
      String name,
      Set<Dimension> per,
      List<Glob> agents,
      List<Glob> teams,
      List<Glob> models,
      Map<Measure, Long> amounts) {
    this(name, per, agents, teams, models, List.of(), amounts);
  }

  private static Set<Dimension> apart(Set<Dimension> per) {
    Set<Dimension> apart = EnumSet.noneOf(Dimension.class);
    apart.addAll(per);
    if (apart.contains(Dimension.SESSION)) {
      apart.add(Dimension.AGENT);
    }
    return Set.copyOf(apart);
  }

  /** Whether such an agent's calls of that tool count. */
  public boolean coversTool(String agent, String team, String tool) {
    return matches(agents, agent) && matches(teams, team) && matches(tools, tool);
  }

  /** Whether the calls of such an agent for that model count. */
  public boolean covers(String agent, String team, String model) {
    return matches(agents, agent) && matches(teams, team) && matches(models, model);
  }

  private static boolean matches(List<Glob> patterns, String name) {
    for (Glob pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it counts money, which takes prices. */
  public boolean countsMoney() {
    return amounts.keySet().stream().anyMatch(measure -> measure.unit() == Measure.Unit.NANO_USD);
  }
}
