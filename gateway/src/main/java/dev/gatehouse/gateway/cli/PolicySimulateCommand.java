package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigLoader;
import dev.gatehouse.gateway.config.PolicyFiles;
import dev.gatehouse.gateway.config.PolicyFiles.PlacedRule;
import dev.gatehouse.gateway.rows.RecordedRows;
import dev.gatehouse.gateway.rows.SimulatedCalls;
import dev.gatehouse.gateway.rows.SimulatedCalls.ChangedCall;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.policy.record.Simulation;
import dev.gatehouse.policy.record.Simulation.Change;
import dev.gatehouse.policy.record.Simulation.Tally;
import dev.gatehouse.policy.rules.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse policy simulate}: recorded calls under rules that are not in force yet. */
@Command(
    name = "simulate",
    description = {
      "Say what the recorded calls would have come to under other policies, thresholds or risk"
          + " tables, beside what happened.",
      "A policy's condition is evaluated by what the row holds, and by the arguments where"
          + " audit.bodies kept them; else it is taken to hold where the same condition held then."
          + " Where nothing on record tells, the call counts as undecided."
    },
    mixinStandardHelpOptions = true)
final class PolicySimulateCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHANGES_MAX = 1_000_000;

  @Mixin private AuditPlace place = new AuditPlace();

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      description =
          "Proposed policies, a file or directory: each takes the place of the config's policy of"
              + " that name, the config's others stay (default: the config's policies as the file"
              + " says now).")
  private @Nullable Path path;

  @Option(names = "--alone", description = "Without the config's other policies.")
  private boolean alone;

  @Option(
      names = "--with",
      paramLabel = "FILE",
      description = "Take policies and risk tables from this config instead of -c's.")
  private @Nullable Path with;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Calls from then on: 15m, 1h, 7d ago; or 2026-01-31 (default: 30d).")
  private String since = "30d";

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description = "Take the calls from an export instead of the record; compressed or not.")
  private @Nullable Path export;

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "List so many of the changed calls, up to 1000000 (default: 20).")
  private int changes = 20;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (changes < 0 || changes > CHANGES_MAX) {
      throw new CliException("--changes takes a number from 0 to 1000000, not " + changes);
    }
    try {
      Instant from = new PastTime(Clock.systemUTC()).read("--since", since);
      GovernanceRules rules = proposed();
      Simulation simulation =
          new Simulation(rules.risk(), rules.policies(), rules.conditionLimits());
      RecordedRows rows = export == null ? record() : RecordedRows.ofExport(export);
      List<ChangedCall> changed =
          SimulatedCalls.run(simulation, rows, from, changes, Progress.bar("calls"));
      Progress.end();
      if (json) {
        System.out.println(JSON.writeValueAsString(tree(simulation, from, changed)));
      } else {
        print(simulation, from, changed);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }

  private RecordedRows record() {
    if (!Files.isDirectory(place.dir())) {
      throw new CliException(
          "there is no record at "
              + place.dir()
              + "; name it with --dir, or an export with --export");
    }
    return RecordedRows.ofDirectory(place.dir());
  }

  private GovernanceRules proposed() {
    try {
      GovernanceRules base =
          with == null
              ? place.config().load().governance()
              : ConfigLoader.load(with, System.getenv()).governance();
      if (path == null) {
        return base;
      }
      Map<String, PolicyRule> byName = new LinkedHashMap<>();
      if (!alone) {
        base.policies().forEach(rule -> byName.put(rule.name(), rule));
      }
      for (PlacedRule placed : PolicyFiles.read(path)) {
        byName.put(placed.rule().name(), placed.rule());
      }
      return new GovernanceRules(
          base.risk(), List.copyOf(byName.values()), base.conditionLimits(), base.drift());
    } catch (ConfigException e) {
      throw new CliException("the proposed rules are refused:\n" + e.getMessage(), e);
    }
  }

  private void print(Simulation simulation, Instant from, List<ChangedCall> changed) {
    Tally all = simulation.all();
    long same = all.calls();
    System.out.printf("simulated: %,d calls since %s%n", all.calls(), from);
    for (Change change : Change.values()) {
      System.out.printf("  %-24s %,d%n", words(change), all.of(change));
      same -= all.of(change);
    }
    System.out.printf("  %-24s %,d%n", "would come to the same", same);
    if (all.undecided() > 0) {
      System.out.printf(
          "  %-24s %,d (a condition would decide, and nothing on record tells whether it held)%n",
          "of these undecided", all.undecided());
    }
    if (simulation.hidden() > 0) {
      System.out.printf(
          "note: %,d calls were left out: what decided them stands behind commitments%n",
          simulation.hidden());
    }
    print("AGENT", simulation.byAgent());
    print("RULE", simulation.byRule());
    if (!changed.isEmpty()) {
      System.out.println();
      Table table = new Table("ROW", "TIME", "AGENT", "CALL", "WAS", "BY", "WOULD BE", "BY");
      for (ChangedCall call : changed) {
        table.add(
            call.row(),
            call.at().toString(),
            call.changed().agent(),
            call.changed().operation(),
            call.changed().was(),
            call.changed().wasBy(),
            call.changed().would(),
            call.changed().wouldBy());
      }
      table.print(System.out, "");
      long more = all.calls() - same - changed.size();
      if (more > 0) {
        System.out.printf("%,d more; --changes N lists more of them%n", more);
      }
    }
  }

  private static void print(String what, SortedMap<String, Tally> tallies) {
    if (tallies.isEmpty()) {
      return;
    }
    System.out.println();
    Table table =
        new Table(what, "CALLS", "BLOCKED", "QUEUED", "SLOWED", "LET THROUGH", "UNDECIDED");
    tallies.forEach(
        (name, tally) ->
            table.add(
                name,
                number(tally.calls()),
                number(tally.of(Change.BLOCKED)),
                number(tally.of(Change.QUEUED)),
                number(tally.of(Change.SLOWED)),
                number(tally.of(Change.LET_THROUGH)),
                number(tally.undecided())));
    table.print(System.out, "");
  }

  private static String number(long value) {
    return "%,d".formatted(value);
  }

  private static String words(Change change) {
    return switch (change) {
      case BLOCKED -> "would be blocked";
      case QUEUED -> "would wait for approval";
      case SLOWED -> "would be slowed";
      case LET_THROUGH -> "would be let through";
    };
  }

  private static Map<String, Object> tree(
      Simulation simulation, Instant from, List<ChangedCall> changed) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("since", from.toString());
    tree.putAll(tree(simulation.all()));
    tree.put("left_out", simulation.hidden());
    tree.put("agents", trees("agent", simulation.byAgent()));
    tree.put("rules", trees("rule", simulation.byRule()));
    List<Object> calls = new ArrayList<>();
    for (ChangedCall call : changed) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("row", call.row());
      one.put("at", call.at().toString());
      one.put("change", word(call.changed().change()));
      one.put("agent", call.changed().agent());
      one.put("call", call.changed().operation());
      one.put("was", call.changed().was());
      one.put("was_by", call.changed().wasBy());
      one.put("would", call.changed().would());
      one.put("would_by", call.changed().wouldBy());
      calls.add(one);
    }
    tree.put("changed", calls);
    return tree;
  }

  private static List<Object> trees(String what, SortedMap<String, Tally> tallies) {
    return tallies.entrySet().stream()
        .<Object>map(
            each -> {
              Map<String, Object> tree = new LinkedHashMap<>();
              tree.put(what, each.getKey());
              tree.putAll(tree(each.getValue()));
              return tree;
            })
        .collect(Collectors.toList());
  }

  private static Map<String, Object> tree(Tally tally) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("calls", tally.calls());
    for (Change change : Change.values()) {
      tree.put(word(change), tally.of(change));
    }
    tree.put("undecided", tally.undecided());
    return tree;
  }

  private static String word(Change change) {
    return change.name().toLowerCase(Locale.ROOT);
  }
}
