package dev.gatehouse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tools that an agent cannot call are not within its reach. */
class BlastRadiusTest {

  private static final Manifest MANIFEST =
      new Manifest(
          "tests",
          List.of(new Glob("crm__*")),
          Set.of(OperationType.READ),
          List.of(),
          OptionalInt.empty());

  @Test
  void whatIsUndeclaredOfAnotherTypeOrInQuarantineIsNotReached() {
    Map<String, Object> tree =
        BlastRadius.of(
            MANIFEST,
            List.of(
                tool("crm", "get", OperationType.READ, false),
                tool("crm", "drop", OperationType.DESTRUCTIVE, false),
                tool("crm", "changed", OperationType.READ, true),
                tool("mail", "read", OperationType.READ, false)));
    assertThat(tree).containsEntry("tools", 1);
    assertThat(tree.get("connectors"))
        .asString()
        .contains("connector=crm", "read=1", "destructive=0")
        .doesNotContain("mail");
  }

  private static ToolDescriptor tool(
      String connector, String operation, OperationType type, boolean quarantined) {
    return new ToolDescriptor(
        connector + "__" + operation,
        connector,
        operation,
        Map.of(),
        type,
        "config",
        "internal",
        connector,
        TargetTier.DEV,
        quarantined);
  }
}
