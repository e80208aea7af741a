package dev.gatehouse.policy.condition;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.gatehouse.core.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Says what is wrong with expressions over payloads of one JSON Schema. Takes milliseconds to make
 * and for each expression. Thread-safe.
 */
public final class ConditionChecker {

  private static final java.util.regex.Pattern UNKNOWN_FIELD =
      java.util.regex.Pattern.compile("undefined field '([^']*)'");
  private static final java.util.regex.Pattern UNKNOWN_NAME =
      java.util.regex.Pattern.compile("undeclared reference to '([^']*)'");

  private static final Map<String, CelType> CALL =
      Map.ofEntries(
          Map.entry("connector", SimpleType.STRING),
          Map.entry("operation", SimpleType.STRING),
          Map.entry("name", SimpleType.STRING),
          Map.entry("operation_type", SimpleType.STRING),
          Map.entry("target", SimpleType.STRING),
          Map.entry("target_tier", SimpleType.STRING),
          Map.entry("connector_class", SimpleType.STRING),
          Map.entry("session", SimpleType.STRING),
          Map.entry("model_tier", SimpleType.STRING),
          Map.entry("streaming", SimpleType.BOOL),
          Map.entry("request_bytes", SimpleType.INT));

  private static final Map<String, CelType> VARIABLES =
      Map.of(
          "call", PayloadTypes.struct("call", CALL),
          "agent",
              PayloadTypes.struct(
                  "agent",
                  Map.of(
                      "id", SimpleType.STRING,
                      "owner", SimpleType.STRING,
                      "labels", MapType.create(SimpleType.STRING, SimpleType.STRING))),
          "risk",
              PayloadTypes.struct(
                  "risk",
                  Map.of(
                      "operation", SimpleType.INT,
                      "connector", SimpleType.INT,
                      "session", SimpleType.INT,
                      "target", SimpleType.INT,
                      "total", SimpleType.INT)),
          "activity",
              PayloadTypes.struct(
                  "activity",
                  Map.of("session_actions", SimpleType.INT, "calls_last_minute", SimpleType.INT)),
          "now", SimpleType.TIMESTAMP);

  private final Declared declared;
  private final CelCompiler compiler;

  /**
   * A checker for one tool.
   *
   * @param inputSchema its input schema as a plain JSON tree; an empty one allows any payload
   */
  public ConditionChecker(Map<String, Object> inputSchema) {
    PayloadTypes payload = new PayloadTypes(inputSchema);
    Map<String, CelType> types = new HashMap<>(payload.structs());
    VARIABLES.values().forEach(type -> types.put(type.name(), type));
    declared = new Declared(ImmutableMap.copyOf(types));
    var builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(Conditions.options(1))
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(declared)
            .addVar("payload", payload.payload())
            .setResultType(SimpleType.BOOL);
    VARIABLES.forEach(builder::addVar);
    compiler = builder.build();
  }

  /** What is wrong with an expression; empty when nothing is. */
  public List<ConditionProblem> check(String source) {
    if (source.isBlank() || source.length() > Conditions.LENGTH_MAX) {
      return List.of(
          new ConditionProblem(
              1,
              1,
              "a condition has 1 to "
                  + Conditions.LENGTH_MAX
                  + " characters, this has "
                  + source.length()));
    }
    CelValidationResult result = compiler.compile(source);
    if (result.hasError()) {
      return result.getErrors().stream().map(this::problem).distinct().toList();
    }
    try {
      return patterns(result.getAst());
    } catch (CelValidationException e) {
      throw new IllegalStateException("an expression without errors has a tree", e);
    }
  }

  /** Patterns are literals, so that no agent brings one of its own, and a bad one is seen here. */
  private static List<ConditionProblem> patterns(CelAbstractSyntaxTree ast) {
    List<ConditionProblem> problems = new ArrayList<>();
    CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .filter(node -> node.getKind() == Kind.CALL)
        .map(node -> node.expr().call())
        .filter(call -> call.function().equals("matches"))
        .forEach(call -> pattern(call).ifPresent(problems::add));
    return problems;
  }

  private static Optional<ConditionProblem> pattern(CelExpr.CelCall call) {
    CelExpr last = call.args().getLast();
    if (last.getKind() != Kind.CONSTANT
        || last.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
      return Optional.of(new ConditionProblem(1, 1, "the pattern of matches() must be a literal"));
    }
    try {
      var _ = Pattern.compile(last.constant().stringValue());
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(
          new ConditionProblem(1, 1, "the pattern of matches() is bad: " + e.getMessage()));
    }
  }

  /** The tree of an expression without problems. */
  CelAbstractSyntaxTree tree(String source) throws CelValidationException {
    return compiler.compile(source).getAst();
  }

  private ConditionProblem problem(CelIssue issue) {
    String message = issue.getMessage();
    return new ConditionProblem(
        Math.max(1, issue.getSourceLocation().getLine()),
        issue.getSourceLocation().getColumn() + 1,
        message + suggestion(message));
  }

  private String suggestion(String message) {
    Matcher field = UNKNOWN_FIELD.matcher(message);
    if (field.find()) {
      return nearest(field.group(1), fields());
    }
    Matcher name = UNKNOWN_NAME.matcher(message);
    if (name.find()) {
      Set<String> known = new LinkedHashSet<>(VARIABLES.keySet());
      known.add("payload");
      return nearest(name.group(1), known);
    }
    return "";
  }

  private Set<String> fields() {
    Set<String> known = new LinkedHashSet<>();
    for (CelType type : declared.types()) {
      if (type instanceof StructType struct) {
        known.addAll(struct.fieldNames());
      }
    }
    return known;
  }

  private static String nearest(String given, Set<String> known) {
    return Suggestion.nearest(given, known)
        .map(best -> "; did you mean '" + best + "'?")
        .orElse("");
  }

  private record Declared(ImmutableMap<String, CelType> byName) implements CelTypeProvider {
    @Override
    public ImmutableCollection<CelType> types() {
      return byName.values();
    }

    @Override
    public Optional<CelType> findType(String name) {
      return Optional.ofNullable(byName.get(name));
    }
  }
}
