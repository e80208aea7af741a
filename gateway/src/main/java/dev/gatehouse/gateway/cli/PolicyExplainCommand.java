package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.decision.Activity;
import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.gateway.config.ConfigException;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.policy.check.PolicyExplainer;
import dev.gatehouse.policy.check.PolicyExplainer.Explanation;
import dev.gatehouse.policy.check.PolicyExplainer.Standing;
import dev.gatehouse.registry.LiveRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse policy explain}: what would be decided about a call, and why. */
@Command(
    name = "explain",
    description = "Say what would be decided about a call, and what each rule has to do with it.",
    mixinStandardHelpOptions = true)
final class PolicyExplainCommand implements Callable<Integer> {

  @Mixin private ConfigFile file = new ConfigFile();

  @Parameters(paramLabel = "CONNECTOR.OPERATION", description = "What is called.")
  private String called = "";

  @Option(names = "--agent", required = true, paramLabel = "ID", description = "Who calls.")
  private String agent = "";

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      description = "The arguments (default: ${DEFAULT-VALUE}).")
  private String payload = "{}";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "read, write, containment or destructive (default: ${DEFAULT-VALUE}).")
  private String type = "write";

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = "dev, staging or prod (default: ${DEFAULT-VALUE}).")
  private String tier = "prod";

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "The connector's class (default: ${DEFAULT-VALUE}).")
  private String connectorClass = "internal";

  @Option(
      names = "--session-actions",
      paramLabel = "N",
      description = "Actions of the session so far, this one included (default: 1).")
  private int sessionActions = 1;

  @Override
  public Integer call() {
    try {
      if (sessionActions < 1) {
        throw new CliException("--session-actions is 1 or more, not " + sessionActions);
      }
      GatewayConfig config = file.load();
      Agent caller =
          LiveRegistry.of(config.agents())
              .find(id())
              .orElseThrow(() -> new CliException("the config has no agent " + agent));
      print(
          PolicyExplainer.explain(
              config.governance(),
              caller,
              toolCall(caller),
              new Activity(sessionActions, 1),
              Instant.now()));
      return 0;
    } catch (ConfigException e) {
      throw new CliException("the config file is refused:\n" + e.getMessage(), e);
    }
  }

  private AgentId id() {
    try {
      return new AgentId(agent);
    } catch (IllegalArgumentException e) {
      throw new CliException("--agent: " + e.getMessage(), e);
    }
  }

  private ToolCall toolCall(Agent caller) {
    int dot = called.indexOf('.');
    if (dot < 1 || dot == called.length() - 1) {
      throw new CliException("name what is called as CONNECTOR.OPERATION, not '" + called + "'");
    }
    String connector = called.substring(0, dot);
    String operation = called.substring(dot + 1);
    return ToolCall.of(
        CallId.next(Clock.systemUTC(), new SecureRandom()),
        new Principal(caller.id(), ""),
        "",
        new ToolDescriptor(
            connector + "__" + operation,
            connector,
            operation,
            Map.of(),
            constant("--type", OperationType.class, type),
            "config",
            connectorClass,
            connector,
            constant("--tier", TargetTier.class, tier)),
        arguments(),
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  @SuppressWarnings("unchecked") // members of a JSON object are named by strings
  private Map<String, Object> arguments() {
    try {
      if (new ObjectMapper().readValue(payload, Object.class) instanceof Map<?, ?> object) {
        return (Map<String, Object>) object;
      }
    } catch (JsonProcessingException e) {
      throw new CliException("--payload is not JSON: " + e.getOriginalMessage(), e);
    }
    throw new CliException("--payload is a JSON object, such as {\"id\": 1}, not " + payload);
  }

  private static <E extends Enum<E>> E constant(String option, Class<E> type, String word) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(word)) {
        return constant;
      }
    }
    throw new CliException(
        option
            + " is one of "
            + Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "))
            + ", not '"
            + word
            + "'");
  }

  private static void print(Explanation explanation) {
    Decision decision = explanation.ruling().decision();
    RiskScore risk = explanation.ruling().risk();
    System.out.println(decision.verdict() + ": " + decision.reason().message());
    System.out.println("rule: " + decision.reason().rule());
    System.out.printf(
        "risk: %d = operation %d + connector %d + session %d + target %d%n",
        risk.total(), risk.operation(), risk.connector(), risk.session(), risk.target());
    Table table = new Table("POLICY", "EFFECT", "HERE", "WHY");
    explanation.lines().stream()
        .filter(line -> line.standing() != Standing.ELSEWHERE)
        .forEach(
            line ->
                table.add(
                    line.rule().name(),
                    line.rule().effect().word(),
                    line.standing().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    line.message()));
    table.print(System.out, "No policy is about this operation.");
  }
}
