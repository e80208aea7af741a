package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.gateway.config.PolicyFiles.PlacedRule;
import dev.gatehouse.policy.rules.PolicyRule;
import dev.gatehouse.policy.text.PolicyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFilesTest {

  private static final String YAML =
      """
      policy: change-close-over-one
      when: servicenow.change.close
      if: size(payload.change_ids) > 1
      then:
        effect: approval_required
        severity: high
        approvers: ["group:secops-leads"]
        timeout: 4h
        show_diff: true
      tests:
        - {payload: {change_ids: [A, B]}, expect: approval_required}
      """;

  private static final String COMPACT =
      """
      policy "change-close-over-one":
        when: servicenow.change.close
        if: payload.change_ids.length > 1
        then: approval_required(severity="high")
        approvers=group("secops-leads") timeout="4h" diff_shown_to_approver=true
        test: payload={"change_ids": ["A", "B"]} expect="approval_required"
      """;

  @TempDir private Path dir = Path.of("");
  private Path policies = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    policies = Files.createDirectory(dir.resolve("policies"));
  }

  @Test
  void bothFormsMeanTheSame() throws Exception {
    Files.writeString(policies.resolve("a.yaml"), YAML);
    PolicyRule fromYaml = PolicyFiles.read(policies).getFirst().rule();
    Files.delete(policies.resolve("a.yaml"));
    Files.writeString(policies.resolve("a.policy"), COMPACT);
    assertThat(PolicyFiles.read(policies)).extracting(PlacedRule::rule).containsExactly(fromYaml);
    assertThat(PolicyText.parse(PolicyText.write(List.of(fromYaml))).rules())
        .extracting(PolicyText.Placed::rule)
        .containsExactly(fromYaml);
  }

  @Test
  void listsAndMappingsAndOtherFilesAreRead() throws Exception {
    Files.writeString(policies.resolve("a.yaml"), "- {policy: a, when: a.b, then: {effect: deny}}");
    Files.writeString(
        policies.resolve("b.yml"), "policies: [{policy: b, when: a.b, then: {effect: allow}}]");
    Files.writeString(policies.resolve("README.md"), "not a policy");
    Files.writeString(policies.resolve(".hidden.yaml"), "nor this");
    assertThat(PolicyFiles.read(policies))
        .extracting(placed -> placed.rule().name())
        .containsExactly("a", "b");
  }

  @Test
  void everyProblemOfEveryFileIsToldAtItsPlaceAndNothingIsTaken() throws Exception {
    Path one = policies.resolve("1.yaml");
    Path two = policies.resolve("2.policy");
    Path three = policies.resolve("3.yaml");
    Files.writeString(one, YAML.replace("if: size(payload.change_ids) > 1", "if: call.conector"));
    Files.writeString(two, COMPACT.replace("when:", "wen:"));
    Files.writeString(three, YAML.replace("when:", "wen:"));
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> PolicyFiles.read(policies));
    assertThat(refused.problems())
        .extracting(ConfigProblem::toString)
        .contains(
            one
                + ":3:5: undefined field 'conector'; did you mean 'connector'? (at 1:5 of the"
                + " condition)",
            two + ":2:3: a rule has no 'wen'; did you mean 'when'?",
            three + ":2:1: unknown key 'wen' in policies.0; did you mean 'when'?");
  }

  @Test
  void aNameStandsOnceOverAllFilesAndTheConfig() throws Exception {
    Files.writeString(policies.resolve("a.policy"), COMPACT);
    Files.writeString(policies.resolve("b.yaml"), YAML);
    assertThat(catchThrowableOfType(ConfigException.class, () -> PolicyFiles.read(policies)))
        .hasMessageContaining("b.yaml:3:5: policy 'change-close-over-one' stands already in")
        .hasMessageContaining("a.policy:3");
    Files.delete(policies.resolve("b.yaml"));
    assertThat(
            catchThrowableOfType(
                ConfigException.class,
                () ->
                    config(
                        """
                        policy_dir: policies
                        policies:
                          - {policy: change-close-over-one, when: "*", then: {effect: deny}}
                        """)))
        .hasMessageContaining("stands already in the config, line 3");
  }

  @Test
  void theConfigTakesItsDirectorysRulesAndLimits() throws Exception {
    Files.writeString(policies.resolve("a.policy"), COMPACT);
    GatewayConfig config =
        config(
            """
            policy_dir: policies
            policy_limits: {iterations_max: 5, payload_chars_max: 100}
            policies:
              - {policy: inline, when: "*", then: {effect: allow}}
            """);
    assertThat(config.governance().policies())
        .extracting(PolicyRule::name)
        .containsExactly("inline", "change-close-over-one");
    assertThat(config.governance().conditionLimits().iterationsMax()).isEqualTo(5);
    assertThat(config.governance().conditionLimits().payloadCharsMax()).isEqualTo(100);
  }

  @Test
  void aPlaceWithoutAnyRuleIsRefusedByTheConfigAsByWhoNamesIt() throws Exception {
    String noFile = "policies:1:1: holds no policy file; looked for *.yaml, *.yml and *.policy";
    assertRefused(noFile);
    Files.writeString(policies.resolve("README.md"), "to be written");
    Files.createDirectory(policies.resolve("below"));
    Files.writeString(policies.resolve("below/a.policy"), COMPACT);
    assertRefused(noFile);
    for (String without : List.of("", "# later\n", "policies: []\n")) {
      Files.writeString(policies.resolve("a.yaml"), without);
      assertRefused("policies:1:1: holds no policies");
    }
    Files.writeString(policies.resolve("b.policy"), COMPACT);
    assertThat(config("policy_dir: policies").governance().policies()).hasSize(1);
  }

  private void assertRefused(String why) {
    assertThat(catchThrowableOfType(ConfigException.class, () -> PolicyFiles.read(policies)))
        .hasMessageContaining(why);
    assertThat(catchThrowableOfType(ConfigException.class, () -> config("policy_dir: policies")))
        .hasMessageContaining(why);
  }

  @Test
  void aMissingDirectoryIsRefusedAndAChangedOneIsSeen() throws Exception {
    assertThat(catchThrowableOfType(ConfigException.class, () -> config("policy_dir: nowhere")))
        .hasMessageContaining("there is no such file or directory");
    Path file = dir.resolve("gatehouse.yaml");
    Files.writeString(file, "policy_dir: policies # here\n");
    Files.writeString(policies.resolve("a.policy"), COMPACT);
    assertThat(Interpolation.filesReferredTo(file))
        .contains(file, policies.toAbsolutePath(), policies.resolve("a.policy").toAbsolutePath());
  }

  private GatewayConfig config(String text) throws ConfigException {
    return ConfigLoader.parse(
        dir.resolve("gatehouse.yaml"),
        text.stripTrailing() + "\nagents: [{id: a, owner: Ada, purpose: tests}]\n",
        Map.of());
  }
}
