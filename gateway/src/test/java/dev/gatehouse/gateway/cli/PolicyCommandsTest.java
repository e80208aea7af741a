package dev.gatehouse.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that work on policies as operators call them: what they print, and how they end. */
final class PolicyCommandsTest {

  /** How a command ends that was not called as it is to be called. */
  private static final int MISUSED = 2;

  private static final String GOOD =
      """
      policy: no-mass-drop
      when: crm.drop
      if: payload.n > 3
      then: {effect: deny, severity: high}
      tests:
        - {payload: {n: 4}, expect: deny}
        - {payload: {n: 3}, expect: allow}
      """;

  private static final String ALL =
      """
      policy: never
      when: crm.*
      then: {effect: deny}
      """;

  @TempDir Path directory;
  @RegisterExtension final Printed printed = new Printed();
  private Path config;

  @BeforeEach
  void files() throws IOException {
    config = directory.resolve("gatehouse.yaml");
    Files.writeString(
        config,
        """
        admin: {port: %d}
        data_dir: %s
        agents:
          - {id: a, owner: Ada, purpose: tests, credentials: [{sha256: %s}], tools: ["crm__*"]}
        policies:
          - {policy: look, when: crm.close, then: {effect: approval_required, approvers: ["group:leads"]}}
        """
            .formatted(unusedPort(), directory.resolve("data"), "0".repeat(64)));
    write("good.yaml", GOOD);
    write("syntax.yaml", GOOD.replace("payload.n > 3", "payload.n >"));
    write("compact.policy", "policy \"p\":\n  when crm.drop\n  then: deny\n");
    write("misspelt.yaml", GOOD.replace("effect", "efect"));
    write("field.yaml", GOOD.replace("payload.n", "agent.lables.env == 'x' && payload.n"));
    write("failing.yaml", GOOD.replace("n: 3}, expect: allow", "n: 3}, expect: deny"));
    write("twice.yaml", "policies:\n" + listed(GOOD) + listed(GOOD));
    write("empty.yaml", "");
    Files.createDirectory(directory.resolve("emptied"));
  }

  @Test
  void goodPoliciesAreSaidToBeGoodAndTheirTestsAreRun() {
    assertThat(run("policy", "check", at("good.yaml"))).isZero();
    assertThat(printed.text()).startsWith("1 policies are good; --live checks them");
    printed.reset();
    assertThat(run("policy", "test", at("good.yaml"))).isZero();
    assertThat(printed.text()).isEqualTo("2 tests, 0 failed; 0 of 1 policies have none\n");
    printed.reset();
    assertThat(run("policy", "lint", at("good.yaml"))).isZero();
    assertThat(printed.text()).isEqualTo("0 findings in 1 policies\n");
    assertThat(printed.errors()).isEmpty();
  }

  @Test
  void withoutAPathThoseOfTheConfigAreMeant() {
    assertThat(run("policy", "check")).isZero();
    assertThat(run("policy", "test")).isZero();
    assertThat(printed.text())
        .contains("1 policies are good", "0 tests, 0 failed; 1 of 1 policies have none");
  }

  @Test
  void aTestThatFailsIsNamedWithWhatCameOut() {
    assertThat(run("policy", "test", at("failing.yaml"))).isEqualTo(1);
    assertThat(printed.errors())
        .isEqualTo("policy 'no-mass-drop', test 2: expected deny, got allow\n");
    assertThat(printed.text()).startsWith("2 tests, 1 failed");
  }

  @Test
  void whatIsShadowedIsFoundAndEndsTheCommandWithOne() throws IOException {
    write("shadowed.yaml", "policies:\n" + listed(GOOD) + listed(ALL));
    assertThat(run("policy", "lint", at("shadowed.yaml"))).isEqualTo(1);
    assertThat(printed.text())
        .contains(
            "shadowed.yaml:4:", ": shadowed: policy 'no-mass-drop'", "1 findings in 2 policies");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nowhere.yaml   | nowhere.yaml:1:1: there is no such file or directory",
        "syntax.yaml    | syntax.yaml:3:5: ",
        "compact.policy | compact.policy:2:",
        "misspelt.yaml  | unknown key 'efect' in policies.0.then; did you mean 'effect'?",
        "field.yaml     | field.yaml:3:5: undefined field 'lables'; did you mean 'labels'?",
        "twice.yaml     | no-mass-drop",
        "empty.yaml     | empty.yaml:1:1: holds no policies",
        "emptied        | emptied:1:1: holds no policy file; looked for *.yaml, *.yml and *.policy"
      })
  void whatIsWrongWithAFileIsSaidWithItsPlaceByEachCommand(String file, String said) {
    for (String command : new String[] {"check", "test", "lint"}) {
      printed.reset();
      assertThat(run("policy", command, at(file))).as(command).isEqualTo(1);
      assertThat(printed.errors()).as(command).startsWith("gatehouse: ").contains(said);
      assertThat(printed.text()).as(command).isEmpty();
    }
    printed.reset();
    assertThat(run("policy", "publish", at(file), "--reason", "r")).isEqualTo(1);
    assertThat(printed.errors()).contains(said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "test",
        "lint",
        "explain crm.drop --agent a",
        "simulate",
        "publish x --reason r",
        "rollback --reason r",
        "versions"
      })
  void anOptionThatThereIsNotIsNamedWithHowToCallTheCommand(String command) {
    assertThat(run(("policy " + command + " --lvie").split(" "))).isEqualTo(MISUSED);
    assertThat(printed.errors())
        .contains("--lvie", "Usage: gatehouse policy " + command.replaceAll(" .*", ""));
  }

  @Test
  void withoutACommandTheUsageIsShown() {
    assertThat(GatehouseCommand.run("policy")).isEqualTo(MISUSED);
    assertThat(printed.errors()).contains("Missing required subcommand", "gatehouse policy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish FILE --reason r",
        "rollback 1 --reason r",
        "rollback --reason r",
        "versions",
        "versions 1",
        "versions --json",
        "check FILE --live",
        "lint FILE --live"
      })
  void aGatewayThatDoesNotRunIsSaidNotToAnswer(String command) throws IOException {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/operator.token"), "gh_key\n");
    assertThat(run(("policy " + command.replace("FILE", at("good.yaml"))).split(" "))).isEqualTo(1);
    assertThat(printed.errors())
        .contains("no gateway answers at http://127.0.0.1:", "gatehouse start")
        .doesNotContain("gh_key", "Exception");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rollback -2 --reason r          | 1 | VERSION is 0 or more, not -2",
        "rollback one --reason r         | 2 | 'one' is not an int",
        "rollback 1                      | 2 | Missing required option: '--reason=TEXT'",
        "publish FILE                    | 2 | Missing required option: '--reason=TEXT'",
        "publish --reason r              | 2 | Missing required parameter: 'PATH'",
        "versions 0                      | 1 | VERSION is 1 or more, not 0",
        "versions --admin gate:1         | 1 | --admin is a URL such as http://127.0.0.1:",
        "versions --admin nowhere        | 1 | --admin is a URL such as http://127.0.0.1:",
        "versions                        | 1 | cannot read the operator token",
        "explain crm.drop                | 2 | Missing required option: '--agent=ID'",
        "explain crm.drop --agent b      | 1 | the config has no agent b",
        "explain crm.drop --agent b/c    | 1 | --agent: an agent id has 1 to 64 characters",
        "explain drop --agent a          | 1 | CONNECTOR.OPERATION, not 'drop'",
        "explain crm.drop --agent a --payload {n | 1 | --payload is not JSON",
        "explain crm.drop --agent a --payload null | 1 | --payload is a JSON object, such as",
        "explain crm.drop --agent a --payload [1]  | 1 | --payload is a JSON object, such as",
        "explain crm.drop --agent a --type destroy | 1 | --type is one of read, write, containment,"
            + " destructive, not 'destroy'",
        "explain crm.drop --agent a --tier live    | 1 | --tier is one of dev, staging, prod, not"
            + " 'live'",
        "explain crm.drop --agent a --session-actions 0 | 1 | --session-actions is 1 or more, not"
            + " 0",
        "simulate FILE                   | 1 | there is no record at ",
        "simulate --since yesterday      | 1 | --since: such as 15m",
        "simulate --changes -1           | 1 | --changes takes a number from 0 to 1000000, not -1",
        "simulate --with nowhere.yaml    | 1 | nowhere.yaml"
      })
  void whatIsWrongInACallIsNamed(String command, int exit, String said) {
    assertThat(run(("policy " + command.replace("FILE", at("good.yaml"))).split(" ")))
        .isEqualTo(exit);
    assertThat(printed.errors()).contains(said).doesNotContain("Exception");
  }

  @Test
  void aConfigThatIsNotThereIsNamed() {
    Path nowhere = directory.resolve("nowhere.yaml");
    for (String[] command :
        new String[][] {
          {"policy", "check"},
          {"policy", "versions"},
          {"policy", "simulate"},
          {"policy", "explain", "crm.drop", "--agent", "a"}
        }) {
      printed.reset();
      String[] all = Arrays.copyOf(command, command.length + 2);
      all[command.length] = "-c";
      all[command.length + 1] = nowhere.toString();
      assertThat(GatehouseCommand.run(all)).isEqualTo(1);
      assertThat(printed.errors()).contains("no config file at " + nowhere, "-c FILE");
    }
  }

  @Test
  void explainSaysTheVerdictTheScoreAndWhatEachPolicyHasToDoWithIt() {
    assertThat(
            run(
                "policy",
                "explain",
                "crm.close",
                "--agent",
                "a",
                "--tier",
                "dev",
                "--type",
                "read"))
        .isZero();
    assertThat(printed.lines())
        .contains(
            "approval_required: policy 'look' (MEDIUM) matches crm.close",
            "rule: policy:look",
            "risk: 12 = operation 0 + connector 12 + session 0 + target 0")
        .anyMatch(line -> line.matches("look +approval_required +matches +.*"));
    printed.reset();
    assertThat(run("policy", "explain", "mail.send", "--agent", "a")).isZero();
    assertThat(printed.text()).startsWith("deny: ").contains("rule: manifest.tool");
  }

  private int run(String... command) {
    String[] all = Arrays.copyOf(command, command.length + 2);
    all[command.length] = "-c";
    all[command.length + 1] = config.toString();
    return GatehouseCommand.run(all);
  }

  private String at(String file) {
    return directory.resolve(file).toString();
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private static String listed(String policy) {
    return "  - " + policy.strip().indent(4).stripLeading();
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
