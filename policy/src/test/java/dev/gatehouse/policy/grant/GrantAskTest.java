package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.tool;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.gate.Admission.Refused;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.core.registry.JobBounds;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.policy.Calls;
import dev.gatehouse.policy.NamedTools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an agent may ask to be granted, and what its approver reads. */
class GrantAskTest {

  @TempDir private Path directory;
  private GrantsScene scene;

  @BeforeEach
  void start() {
    scene = new GrantsScene(directory);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whatTheApproverReadsIsTheExactScope() {
    ApprovalRequest question =
        scene.question(TRIAGE, wanting("tool", "tickets__close", "minutes", 60));
    assertThat(question.reason().rule()).isEqualTo("grant.request");
    assertThat(question.reason().message())
        .isEqualTo(
            "asks for a grant: write on connector \"tickets\", only its operation \"close\", target"
                + " \"prod\", for 60 min without asking again");
    assertThat(question.approvers()).containsExactly("group:leads");
    assertThat(
            scene
                .question(
                    TRIAGE,
                    wanting(
                        "connector",
                        "tickets",
                        "target",
                        "prod",
                        "operations",
                        List.of("write", "read")))
                .reason()
                .message())
        .isEqualTo(
            "asks for a grant: read and write on connector \"tickets\", any operation of that kind,"
                + " target \"prod\", for 15 min without asking again");
  }

  static Stream<Arguments> whatCannotBeAskedFor() {
    String undeclared = "a grant opens only what the agent's manifest declares, ";
    return Stream.of(
        Arguments.of(wanting(), "name either a tool or a connector"),
        Arguments.of(
            wanting("tool", "tickets__close", "connector", "tickets"),
            "name either a tool or a connector"),
        Arguments.of(wanting("tool", "crm__purge"), undeclared + "which is no tool 'crm__purge'"),
        Arguments.of(wanting("tool", "nothing"), undeclared + "which is no tool 'nothing'"),
        Arguments.of(
            wanting("tool", "request_grant"), undeclared + "which is no tool 'request_grant'"),
        Arguments.of(
            wanting("tool", "tickets__close", "target", "staging"),
            "the target of that tool is prod, not 'staging'"),
        Arguments.of(
            wanting("tool", "tickets__close", "operations", List.of("read", "write")),
            "tool tickets__close does [WRITE], not [READ, WRITE]"),
        Arguments.of(
            wanting("tool", "tickets__close", "operations", List.of("*")),
            "an operation is read, write, containment or destructive, not '*'"),
        Arguments.of(
            wanting("tool", "tickets__close", "operations", "write"), "operations is a list"),
        Arguments.of(wanting("tool", 7), "tool is a text"),
        Arguments.of(
            wanting("connector", "tickets", "operations", List.of("write")),
            "a grant on a connector needs a target"),
        Arguments.of(
            wanting("connector", "tickets", "target", "prod"),
            "a grant on a connector needs operations"),
        Arguments.of(
            wanting("connector", "*", "target", "prod", "operations", List.of("write")),
            undeclared + "which on connector '*' and target 'prod' is nothing"),
        Arguments.of(
            wanting(
                "connector", "gatehouse", "target", "gatehouse", "operations", List.of("write")),
            undeclared + "which on connector 'gatehouse' and target 'gatehouse' is nothing"),
        Arguments.of(
            wanting("connector", "tickets", "target", "prod", "operations", List.of("destructive")),
            undeclared + "which on connector 'tickets' and target 'prod' is [READ, WRITE]"),
        Arguments.of(
            wanting("connector", "crm", "target", "prod", "operations", List.of("write")),
            undeclared + "which on connector 'crm' and target 'prod' is nothing"),
        Arguments.of(
            wanting("tool", "tickets__close", "minutes", 61), "minutes lies in 1..60, this is 61"),
        Arguments.of(
            wanting("tool", "tickets__close", "minutes", 0), "minutes lies in 1..60, this is 0"),
        Arguments.of(
            wanting("tool", "tickets__close", "minutes", "15"), "minutes is a whole number"),
        Arguments.of(
            wanting("tool", "tickets__close", "minutes", 4_294_967_297L),
            "minutes is a whole number"),
        Arguments.of(
            wanting("tool", "tickets__close", "reason", " "),
            "the length of reason lies in 1..500, this is 0"),
        Arguments.of(
            wanting("tool", "tickets__close", "reason", "x".repeat(501)),
            "the length of reason lies in 1..500, this is 501"));
  }

  @ParameterizedTest
  @MethodSource("whatCannotBeAskedFor")
  void whatCannotBeGrantedIsDeniedAndNobodyIsAsked(Map<String, Object> arguments, String why) {
    Refused refused = (Refused) scene.ask(TRIAGE, arguments);
    assertThat(refused.decision().reason().rule()).isEqualTo("grant.unfit");
    assertThat(refused.decision().reason().message()).isEqualTo(why);
    assertThat(scene.governance.approvals().pending()).isEmpty();
    assertThat(scene.audit.rows("intent").getLast()).containsEntry("rule", "grant.unfit");
  }

  @Test
  void aToolThatIsQuarantinedCannotBeAskedFor() {
    ToolDescriptor changed =
        new ToolDescriptor(
            CLOSE.name(),
            CLOSE.connector(),
            CLOSE.upstreamName(),
            Map.of(),
            CLOSE.operationType(),
            "config",
            "internal",
            CLOSE.target(),
            CLOSE.targetTier(),
            true);
    scene.catalog = scene.governance.grantOver(new NamedTools(List.of(changed)));
    assertUnfit(wanting("tool", "tickets__close"));
    assertUnfit(wanting("connector", "tickets", "target", "prod", "operations", List.of("write")));
  }

  @Test
  void whatTheAgentMayNotTouchCannotBeAskedForOnItsConnectorEither() {
    scene.agents.put(TRIAGE, GrantsScene.agent(TRIAGE, "tickets__get"));
    assertUnfit(wanting("connector", "tickets", "target", "prod", "operations", List.of("write")));
    Agent agent = GrantsScene.agent(TRIAGE, "*");
    scene.agents.put(
        TRIAGE,
        Calls.declaring(
            agent,
            agent
                .manifest()
                .with(
                    new JobBounds(
                        Optional.empty(), Optional.of(Set.of("internal")), List.of(), List.of()))));
    ToolDescriptor financial =
        new ToolDescriptor(
            CLOSE.name(),
            CLOSE.connector(),
            CLOSE.upstreamName(),
            Map.of(),
            CLOSE.operationType(),
            "config",
            "financial",
            CLOSE.target(),
            CLOSE.targetTier());
    scene.catalog = scene.governance.grantOver(new NamedTools(List.of(financial)));
    assertUnfit(wanting("tool", "tickets__close"));
  }

  private void assertUnfit(Map<String, Object> wanted) {
    assertThat(((Refused) scene.ask(TRIAGE, wanted)).decision().reason().rule())
        .isEqualTo("grant.unfit");
  }

  @Test
  void nothingOfTheGatewaysOwnCanBeAskedFor() {
    ToolDescriptor own = tool("gatehouse", "close", OperationType.WRITE, "gatehouse");
    scene.catalog = scene.governance.grantOver(new NamedTools(List.of(own)));
    for (Map<String, Object> wanted :
        List.of(
            wanting("tool", "gatehouse__close"),
            wanting(
                "connector", "gatehouse", "target", "gatehouse", "operations", List.of("write")))) {
      assertThat(((Refused) scene.ask(TRIAGE, wanted)).decision().reason().rule())
          .isEqualTo("grant.unfit");
    }
  }

  @Test
  void anAgentWhoseManifestDoesNotDeclareTheToolCannotAsk() {
    Agent agent = scene.registered(TRIAGE);
    scene.agents.put(
        TRIAGE,
        Calls.declaring(
            agent,
            new Manifest(
                "tests",
                List.of(new Glob("tickets__*")),
                Set.of(OperationType.WRITE),
                List.of(),
                OptionalInt.empty())));
    Refused refused = (Refused) scene.ask(TRIAGE, wanting("tool", "tickets__close"));
    assertThat(refused.decision().reason().rule()).isEqualTo("manifest.tool");
  }
}
