package dev.gatehouse.gateway.cli;

import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.ConfigProblem;
import dev.gatehouse.gateway.config.PolicyFiles;
import dev.gatehouse.gateway.config.PolicyFiles.PlacedRule;
import dev.gatehouse.policy.check.PolicyTests;
import dev.gatehouse.policy.check.PolicyTyping;
import dev.gatehouse.policy.condition.ConditionLimits;
import dev.gatehouse.policy.lint.PolicyLint;
import dev.gatehouse.policy.rules.PolicyRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse policy}: works on rules before they decide anything. */
@Command(
    name = "policy",
    description =
        "Check, test, lint, explain, simulate, publish and roll back the rules that decide.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PolicyCommand.Check.class,
      PolicyCommand.Test.class,
      PolicyCommand.Lint.class,
      PolicyExplainCommand.class,
      PolicySimulateCommand.class,
      PolicyPublishCommand.class,
      PolicyRollbackCommand.class,
      PolicyVersionsCommand.class
    })
final class PolicyCommand {

  private PolicyCommand() {}

  @Command(
      name = "check",
      description = "Say what is wrong with rules; with --live also whether they fit the tools.",
      mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {
    @Mixin private Rules rules = new Rules();

    @Option(
        names = "--live",
        description = "Hold conditions against the tools of the running gateway.")
    private boolean live;

    @Override
    public Integer call() {
      List<PlacedRule> placed = rules.placed();
      List<ConfigProblem> misfits = new ArrayList<>();
      if (live) {
        List<PolicyRule> plain = placed.stream().map(PlacedRule::rule).toList();
        for (PolicyTyping.Misfit misfit : PolicyTyping.check(plain, rules.liveTools())) {
          misfits.add(
              placed
                  .get(plain.indexOf(misfit.rule()))
                  .problem("for tool " + misfit.tool() + ": " + misfit.problem()));
        }
      }
      misfits.forEach(System.err::println);
      if (!misfits.isEmpty()) {
        return 1;
      }
      System.out.println(
          placed.size()
              + " policies are good"
              + (live ? " and fit the tools" : "; --live checks them against the tools too"));
      return 0;
    }
  }

  @Command(
      name = "test",
      description = "Run the tests that rules bring along; exit 1 when one fails.",
      mixinStandardHelpOptions = true)
  static final class Test implements Callable<Integer> {
    @Mixin private Rules rules = new Rules();

    @Override
    public Integer call() {
      List<PlacedRule> placed = rules.placed();
      List<PolicyTests.Result> results =
          PolicyTests.run(placed.stream().map(PlacedRule::rule).toList(), ConditionLimits.DEFAULT);
      List<PolicyTests.Result> failed = results.stream().filter(r -> !r.passed()).toList();
      for (PolicyTests.Result result : failed) {
        System.err.println(
            "policy '"
                + result.rule().name()
                + "', test "
                + result.number()
                + ": expected "
                + result.test().expect()
                + ", got "
                + result.actual()
                + (result.reason().isEmpty() ? "" : " (" + result.reason() + ")"));
      }
      long untested = placed.stream().filter(rule -> rule.rule().tests().isEmpty()).count();
      System.out.println(
          results.size()
              + " tests, "
              + failed.size()
              + " failed; "
              + untested
              + " of "
              + placed.size()
              + " policies have none");
      return failed.isEmpty() ? 0 : 1;
    }
  }

  @Command(
      name = "lint",
      description = "Find rules that overlap, are shadowed, match nothing or contradict another.",
      mixinStandardHelpOptions = true)
  static final class Lint implements Callable<Integer> {
    @Mixin private Rules rules = new Rules();

    @Option(
        names = "--live",
        description = "Also find rules that match no tool of the running gateway.")
    private boolean live;

    @Override
    public Integer call() {
      List<PlacedRule> placed = rules.placed();
      List<PolicyRule> plain = placed.stream().map(PlacedRule::rule).toList();
      List<String> operations =
          live
              ? rules.liveTools().stream()
                  .map(tool -> tool.connector() + '.' + tool.upstreamName())
                  .toList()
              : List.of();
      List<PolicyLint.Finding> findings = PolicyLint.lint(plain, operations);
      for (PolicyLint.Finding finding : findings) {
        PlacedRule place = placed.get(plain.indexOf(finding.rule()));
        System.out.println(
            place.problem(
                finding.kind().name().toLowerCase(Locale.ROOT)
                    + ": policy '"
                    + finding.rule().name()
                    + "': "
                    + finding.message()));
      }
      boolean grave =
          findings.stream().anyMatch(finding -> finding.kind() != PolicyLint.Kind.OVERLAP);
      System.out.println(findings.size() + " findings in " + placed.size() + " policies");
      return grave ? 1 : 0;
    }
  }

  /** Which rules: those of a file or directory, else those of the config. */
  static final class Rules {
    @Mixin private AdminClient admin = new AdminClient();

    @Parameters(
        paramLabel = "PATH",
        arity = "0..1",
        description = "A policy file or directory (default: all rules of the config file).")
    private @Nullable Path path;

    List<PlacedRule> placed() {
      try {
        return path == null ? ofConfig() : PolicyFiles.read(path);
      } catch (ConfigException e) {
        int problems = e.problems().size();
        throw new CliException(
            e.getMessage() + "\n" + problems + (problems == 1 ? " problem" : " problems"), e);
      }
    }

    /** The tools of the running gateway, with their schemas. */
    List<ToolDescriptor> liveTools() {
      return LiveTools.of(admin);
    }

    private List<PlacedRule> ofConfig() throws ConfigException {
      return admin.file().load().governance().policies().stream()
          .map(rule -> new PlacedRule(rule, admin.file().path.toString(), 1, 1))
          .toList();
    }
  }
}
