package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolCatalog;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.policy.ranges.Ranges;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a call asks for that asks for a grant, read from its arguments. */
sealed interface GrantAsk {

  /** Longest reason that an agent may give. */
  int REASON_LENGTH_MAX = 500;

  /**
   * A scope that could be granted.
   *
   * @param ttl for how long; whole minutes
   * @param why what the agent wants it for
   */
  record Scoped(GrantScope scope, Duration ttl, String why) implements GrantAsk {

    /**
     * The scope in words, for who approves it: two scopes never have the same, since names are
     * quoted. What the agent says is no part of it.
     */
    String spelledOut() {
      return scope.operations().stream()
              .sorted()
              .map(type -> type.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(" and "))
          + " on connector "
          + CanonicalJson.text(scope.connector())
          + scope
              .operation()
              .map(name -> ", only its operation " + CanonicalJson.text(name))
              .orElse(", any operation of that kind")
          + ", target "
          + CanonicalJson.text(scope.target())
          + ", for "
          + ttl.toMinutes()
          + " min without asking again";
    }
  }

  /** Nothing that could be granted, and why. */
  record Unfit(String why) implements GrantAsk {}

  /**
   * Reads it.
   *
   * @param manifest that of the agent: what it does not declare cannot be asked for
   */
  static GrantAsk of(ToolCall call, Manifest manifest, ToolCatalog tools, GrantRules rules) {
    try {
      Map<String, Object> arguments = call.arguments();
      return new Scoped(scope(call, manifest, tools), ttl(arguments, rules), why(arguments));
    } catch (IllegalArgumentException e) {
      return new Unfit(String.valueOf(e.getMessage()));
    }
  }

  private static GrantScope scope(ToolCall call, Manifest manifest, ToolCatalog tools) {
    Map<String, Object> arguments = call.arguments();
    Optional<String> tool = text(arguments, "tool");
    Optional<String> connector = text(arguments, "connector");
    if (tool.isPresent() == connector.isPresent()) {
      throw new IllegalArgumentException("name either a tool or a connector");
    }
    return tool.isPresent()
        ? ofTool(call, named(tool.get(), manifest, tools))
        : ofConnector(call, connector.get(), manifest, tools);
  }

  private static ToolDescriptor named(String name, Manifest manifest, ToolCatalog tools) {
    return tools
        .find(name)
        .filter(tool -> grantable(tool, manifest))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a grant opens only what the agent's manifest declares, which is no tool "
                        + shortened(name)));
  }

  private static GrantScope ofTool(ToolCall call, ToolDescriptor tool) {
    GrantScope scope =
        new GrantScope(
            call.principal().agent(),
            tool.connector(),
            Optional.of(tool.upstreamName()),
            target(call, tool),
            Set.of(tool.operationType()));
    checkSame("target", text(call.arguments(), "target"), scope.target());
    Set<OperationType> asked = operations(call.arguments());
    if (!asked.isEmpty() && !asked.equals(scope.operations())) {
      throw new IllegalArgumentException(
          "tool " + tool.name() + " does " + scope.operations() + ", not " + asked);
    }
    return scope;
  }

  /** The tool's own target, or the one of which its arguments shall name no other. */
  private static String target(ToolCall call, ToolDescriptor tool) {
    return tool.targetPaths().isEmpty()
        ? tool.target()
        : text(call.arguments(), "target")
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a grant on tool " + tool.name() + " needs the target that it acts on"));
  }

  private static GrantScope ofConnector(
      ToolCall call, String connector, Manifest manifest, ToolCatalog tools) {
    String target =
        text(call.arguments(), "target")
            .orElseThrow(
                () -> new IllegalArgumentException("a grant on a connector needs a target"));
    Set<OperationType> operations = operations(call.arguments());
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("a grant on a connector needs operations");
    }
    Set<OperationType> declared =
        tools.tools().stream()
            .filter(tool -> tool.connector().equals(connector) && tool.target().equals(target))
            .filter(tool -> grantable(tool, manifest))
            .map(ToolDescriptor::operationType)
            .collect(Collectors.toSet());
    if (!declared.containsAll(operations)) {
      throw new IllegalArgumentException(
          "a grant opens only what the agent's manifest declares, which on connector "
              + shortened(connector)
              + " and target "
              + shortened(target)
              + " is "
              + (declared.isEmpty() ? "nothing" : EnumSet.copyOf(declared)));
    }
    return new GrantScope(
        call.principal().agent(), connector, Optional.empty(), target, operations);
  }

  /** Whether the agent could call it, were nobody to be asked; never what asks for grants. */
  private static boolean grantable(ToolDescriptor tool, Manifest manifest) {
    return !tool.quarantined()
        && !tool.connector().equals(GrantTool.CONNECTOR)
        && manifest.operations().contains(tool.operationType())
        && manifest.bounds().declareData(tool.connectorClass())
        && manifest.declaresTool(tool.name());
  }

  private static Set<OperationType> operations(Map<String, Object> arguments) {
    Object named = arguments.getOrDefault("operations", List.of());
    if (!(named instanceof List<?> words)) {
      throw new IllegalArgumentException("operations is a list");
    }
    Set<OperationType> operations = EnumSet.noneOf(OperationType.class);
    words.forEach(word -> operations.add(operation(word)));
    return operations;
  }

  private static OperationType operation(Object word) {
    for (OperationType type : OperationType.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "an operation is read, write, containment or destructive, not "
            + shortened(String.valueOf(word)));
  }

  private static Duration ttl(Map<String, Object> arguments, GrantRules rules) {
    if (!arguments.containsKey("minutes")) {
      return rules.defaultTtl();
    }
    if (!(arguments.get("minutes") instanceof Integer minutes)) {
      throw new IllegalArgumentException("minutes is a whole number");
    }
    Ranges.check("minutes", minutes, 1, rules.maxTtl().toMinutes());
    return Duration.ofMinutes(minutes);
  }

  private static String why(Map<String, Object> arguments) {
    String why = text(arguments, "reason").orElse("").strip();
    Ranges.check("the length of reason", why.length(), 1, REASON_LENGTH_MAX);
    return why;
  }

  private static Optional<String> text(Map<String, Object> arguments, String name) {
    if (!arguments.containsKey(name)) {
      return Optional.empty();
    }
    if (arguments.get(name) instanceof String text) {
      return Optional.of(text);
    }
    throw new IllegalArgumentException(name + " is a text");
  }

  private static void checkSame(String what, Optional<String> asked, String is) {
    if (asked.isPresent() && !asked.get().equals(is)) {
      throw new IllegalArgumentException(
          "the " + what + " of that tool is " + is + ", not " + shortened(asked.get()));
    }
  }

  private static String shortened(String text) {
    return "'" + (text.length() <= 64 ? text : text.substring(0, 64) + "…") + "'";
  }
}
