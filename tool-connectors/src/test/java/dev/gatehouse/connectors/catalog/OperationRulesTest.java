package dev.gatehouse.connectors.catalog;

import static dev.gatehouse.core.call.OperationType.CONTAINMENT;
import static dev.gatehouse.core.call.OperationType.DESTRUCTIVE;
import static dev.gatehouse.core.call.OperationType.READ;
import static dev.gatehouse.core.call.OperationType.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.catalog.OperationRules.Operation;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.registry.Glob;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationRulesTest {

  @Test
  void aToolOfWhichNothingIsSaidIsDestructive() {
    assertThat(of(Map.of())).isEqualTo(new Operation(DESTRUCTIVE, "default"));
    assertThat(of(Map.of("readOnlyHint", "true"))).isEqualTo(new Operation(DESTRUCTIVE, "default"));
  }

  @Test
  void annotationsCountWhereTheConfigIsSilent() {
    assertThat(of(Map.of("readOnlyHint", true))).isEqualTo(new Operation(READ, "annotations"));
    assertThat(of(Map.of("destructiveHint", false))).isEqualTo(new Operation(WRITE, "annotations"));
    assertThat(of(Map.of("readOnlyHint", false)))
        .isEqualTo(new Operation(DESTRUCTIVE, "annotations"));
  }

  @Test
  void theConfigOverrulesAnnotations() {
    Map<Glob, OperationType> rules = Map.of(new Glob("get_*"), CONTAINMENT);
    assertThat(OperationRules.of(tool("get_x", Map.of("readOnlyHint", true)), rules))
        .isEqualTo(new Operation(CONTAINMENT, "config"));
    assertThat(OperationRules.of(tool("x", Map.of("readOnlyHint", true)), rules).type())
        .isEqualTo(READ);
  }

  @Test
  void theMostSpecificPatternWinsThenTheRiskier() {
    Map<Glob, OperationType> rules =
        Map.of(
            new Glob("*"), WRITE,
            new Glob("get_*"), READ,
            new Glob("get_secret"), DESTRUCTIVE,
            new Glob("a*"), READ,
            new Glob("*a"), DESTRUCTIVE);
    assertThat(type("put_x", rules)).isEqualTo(WRITE);
    assertThat(type("get_x", rules)).isEqualTo(READ);
    assertThat(type("get_secret", rules)).isEqualTo(DESTRUCTIVE);
    assertThat(type("aba", rules)).isEqualTo(DESTRUCTIVE);
  }

  private static OperationType type(String name, Map<Glob, OperationType> rules) {
    return OperationRules.of(tool(name, Map.of()), rules).type();
  }

  private static Operation of(Map<String, Object> annotations) {
    return OperationRules.of(tool("t", annotations), Map.of());
  }

  private static UpstreamEntry tool(String name, Map<String, Object> annotations) {
    return new UpstreamEntry(name, Map.of("name", name, "annotations", annotations));
  }
}
