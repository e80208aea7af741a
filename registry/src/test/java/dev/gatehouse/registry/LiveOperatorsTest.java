package dev.gatehouse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.registry.AgentKeys.GeneratedKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveOperatorsTest {

  private final GeneratedKey key = AgentKeys.generate();
  private final LiveOperators operators =
      LiveOperators.of(List.of(new OperatorEntry("ann", Set.of("ops"), key.digest())));

  @Test
  void knowsAnOperatorByBearerKey() {
    assertThat(operators.authenticate("Bearer " + key.key()))
        .contains(new Operator("ann", Set.of("ops")));
  }

  @Test
  void knowsNobodyElse() {
    assertThat(operators.authenticate(null)).isEmpty();
    assertThat(operators.authenticate(key.key())).isEmpty();
    assertThat(operators.authenticate("Bearer " + AgentKeys.generate().key())).isEmpty();
  }

  @Test
  void replaceTakesRightsAwayAtOnce() {
    operators.replace(List.of());
    assertThat(operators.authenticate("Bearer " + key.key())).isEmpty();
  }

  @Test
  void anOperatorMayHaveTwoKeysWhileOneReplacesTheOther() {
    GeneratedKey next = AgentKeys.generate();
    operators.replace(
        List.of(new OperatorEntry("ann", Set.of("ops"), Set.of(key.digest(), next.digest()))));
    for (GeneratedKey each : List.of(key, next)) {
      assertThat(operators.authenticate("Bearer " + each.key()))
          .contains(new Operator("ann", Set.of("ops")));
    }
  }

  @Test
  void duplicatesAreRefused() {
    OperatorEntry ann = new OperatorEntry("ann", Set.of(), key.digest());
    assertThatThrownBy(
            () ->
                operators.replace(
                    List.of(ann, new OperatorEntry("ann", Set.of(), AgentKeys.digest("other")))))
        .hasMessage("two operators have the name ann");
    assertThatThrownBy(
            () -> operators.replace(List.of(ann, new OperatorEntry("bob", Set.of(), key.digest()))))
        .hasMessageContaining("operators ann and bob share a credential");
    assertThat(operators.authenticate("Bearer " + key.key())).isPresent();
  }
}
