package dev.gatehouse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Authentication.Authenticated;
import dev.gatehouse.core.registry.Authentication.Unauthenticated;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.registry.AgentKeys.GeneratedKey;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveRegistryTest {

  private final GeneratedKey key = AgentKeys.generate();
  private final LiveRegistry registry = LiveRegistry.of(List.of(entry("triage", key.digest())));

  @Test
  void bearerKeyOfAnAgentGivesItsPrincipal() {
    assertThat(registry.authenticate("Bearer " + key.key(), null))
        .isEqualTo(
            new Authenticated(
                new Principal(new AgentId("triage"), key.digest().hex().substring(0, 12))));
  }

  @Test
  void schemeIsCaseInsensitive() {
    assertThat(registry.authenticate("bEARER  " + key.key() + " ", null))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void apiKeyServesWhereThereIsNoAuthorization() {
    assertThat(registry.authenticate(null, key.key())).isInstanceOf(Authenticated.class);
  }

  @Test
  void apiKeyIsNotReadBesideAnAuthorizationHeader() {
    assertThat(registry.authenticate("Bearer " + AgentKeys.generate().key(), key.key()))
        .isInstanceOf(Unauthenticated.class);
    assertThat(registry.authenticate("Basic dXNlcjpwYXNz", key.key()))
        .isInstanceOf(Unauthenticated.class);
    assertThat(registry.authenticate("", key.key())).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void refusalsSayWhatToSendAndNeverWhatWasSent() {
    String shown = AgentKeys.generate().key();
    assertThat(registry.authenticate("Bearer " + shown, null).toString())
        .contains("not known")
        .doesNotContain(shown);
    assertThat(registry.authenticate(null, null).toString()).contains("no credential");
    assertThat(registry.authenticate("Bearer hunter2", null).toString())
        .contains("form of a key")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer gh_",
        "Bearer gh_short",
        "Bearer gh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\u00e9",
        "Bearer gh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
        "Bearer gh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "\u0000"
      })
  void malformedHeadersAreUnauthenticated(String header) {
    assertThat(registry.authenticate(header, null)).isInstanceOf(Unauthenticated.class);
    assertThat(registry.authenticate(null, header)).isInstanceOf(Unauthenticated.class);
  }

  @Test
  void headerIsReadUpToItsLimitOnly() {
    String fits = "Bearer " + " ".repeat(128 - 7 - AgentKeys.LENGTH) + key.key();
    assertThat(registry.authenticate(fits, null)).isInstanceOf(Authenticated.class);
    assertThat(registry.authenticate(fits + " ", null)).isInstanceOf(Unauthenticated.class);
    assertThat(registry.authenticate(null, "x".repeat(1 << 20)))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test
  void replaceSwapsAgentsAndKeysTogether() {
    GeneratedKey other = AgentKeys.generate();
    registry.replace(List.of(entry("zeta", other.digest()), entry("alpha")));

    assertThat(registry.authenticate("Bearer " + key.key(), null))
        .isInstanceOf(Unauthenticated.class);
    assertThat(registry.authenticate("Bearer " + other.key(), null))
        .isInstanceOf(Authenticated.class);
    assertThat(registry.find(new AgentId("triage"))).isEmpty();
    assertThat(registry.agents())
        .extracting(Agent::id)
        .map(AgentId::value)
        .containsExactly("alpha", "zeta");
  }

  @Test
  void duplicatesAreRefusedAndTheOldSnapshotStays() {
    assertThatThrownBy(() -> registry.replace(List.of(entry("a"), entry("a"))))
        .hasMessage("two agents have the id a");
    assertThatThrownBy(
            () -> registry.replace(List.of(entry("a", key.digest()), entry("b", key.digest()))))
        .hasMessage("agents a and b share a credential; give each its own")
        .message()
        .doesNotContain(key.digest().hex());
    assertThat(registry.authenticate("Bearer " + key.key(), null))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void anAgentNeedsAnOwnerAPositiveRateAndAReasonToBeSuspended() {
    assertThatThrownBy(() -> entry("a", " ", OptionalInt.empty(), AgentStatus.ACTIVE, ""))
        .hasMessageContaining("agent a has no owner");
    assertThatThrownBy(() -> entry("a", "Ann", OptionalInt.of(0), AgentStatus.ACTIVE, ""))
        .hasMessageContaining("declares 0 calls per minute");
    assertThatThrownBy(() -> entry("a", "Ann", OptionalInt.empty(), AgentStatus.SUSPENDED, ""))
        .hasMessageContaining("SUSPENDED without a reason");
  }

  @Test
  void credentialsOfAnAgentAreLimited() {
    Digest[] sixteen = digests(AgentEntry.CREDENTIALS_MAX);
    assertThat(entry("a", sixteen).credentials()).hasSize(16);
    assertThatThrownBy(() -> entry("a", digests(AgentEntry.CREDENTIALS_MAX + 1)))
        .hasMessageContaining("has 17 credentials; at most 16");
  }

  @Test
  void aSuspendedAgentStillAuthenticatesSoThatItsRefusalIsRecordedUnderItsName() {
    registry.replace(
        List.of(
            new AgentEntry(
                new AgentId("triage"),
                "Ann",
                "",
                Map.of(),
                Set.of(key.digest()),
                List.of(),
                Set.of(),
                List.of(),
                OptionalInt.empty(),
                AgentStatus.SUSPENDED,
                "drift")));
    assertThat(registry.authenticate("Bearer " + key.key(), null))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void noSecretInAnyText() {
    assertThat(key.toString()).doesNotContain(key.key());
    assertThat(entry("triage", key.digest()).toString())
        .doesNotContain(key.digest().hex())
        .contains("1 credentials");
    assertThat(new OperatorEntry("ann", Set.of("ops"), key.digest()).toString())
        .doesNotContain(key.digest().hex());
  }

  @Test
  void generatedKeysHaveTheirFormAndNeverRepeat() {
    assertThat(key.key()).matches("gh_[A-Za-z0-9_-]{43}");
    assertThat(AgentKeys.digest(key.key())).isEqualTo(key.digest());
    assertThat(AgentKeys.generate().key()).isNotEqualTo(key.key());
  }

  private static Digest[] digests(int count) {
    Digest[] digests = new Digest[count];
    for (int i = 0; i < count; i++) {
      digests[i] = AgentKeys.digest("key" + i);
    }
    return digests;
  }

  private static AgentEntry entry(String id, Digest... credentials) {
    return entry(id, "Ann Owner", OptionalInt.empty(), AgentStatus.ACTIVE, "", credentials);
  }

  private static AgentEntry entry(
      String id,
      String owner,
      OptionalInt rate,
      AgentStatus status,
      String reason,
      Digest... credentials) {
    return new AgentEntry(
        new AgentId(id),
        owner,
        "tests",
        Map.of("env", "dev"),
        Set.of(credentials),
        List.of(new Glob("*")),
        Set.of(OperationType.READ),
        List.of(),
        rate,
        status,
        reason);
  }
}
