package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.audit.postgres.Durability;
import dev.gatehouse.audit.postgres.PostgresPlace;
import dev.gatehouse.audit.s3.S3Place;
import dev.gatehouse.connectors.config.UpstreamTransport;
import dev.gatehouse.connectors.oauth.Assertion;
import dev.gatehouse.connectors.oauth.ClientCredential;
import dev.gatehouse.connectors.oauth.UpstreamAuth;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.registry.OperatorEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {

  private static final String AGENT =
      """
      agents:
        - {id: a, owner: Ada, purpose: tests}
      """;

  @TempDir Path directory;

  @Test
  void aMinimalFileGetsTheDocumentedDefaults() throws ConfigException {
    GatewayConfig config = load(AGENT, Map.of());

    assertThat(config.server().endpoint()).isEqualTo(new GatewayConfig.Endpoint("127.0.0.1", 4000));
    assertThat(config.admin()).isEqualTo(new GatewayConfig.Endpoint("127.0.0.1", 4001));
    assertThat(config.dataDir()).isEqualTo(directory.resolve("data"));
    assertThat(config.llm().breaker().failuresMax()).isEqualTo(5);
    assertThat(config.llm().breaker().openFor()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void everyProblemIsReportedAtItsPlaceInTheOrderOfTheFile() {
    List<String> problems =
        problems(
            """
            server: {prot: 4000}
            agents:
              - id: a
                owner: Ada
                purpos: tests
            risk:
              deny_threshold: high
            """);

    assertThat(problems)
        .containsExactly(
            "gatehouse.yaml:1:10: unknown key 'prot' in server; did you mean 'port'?",
            "gatehouse.yaml:3:5: agents.0 lacks 'purpose'",
            "gatehouse.yaml:5:5: unknown key 'purpos' in agents.0; did you mean 'purpose'?",
            "gatehouse.yaml:7:19: risk.deny_threshold must be a whole number, found text");
  }

  @Test
  void whereTheRecordLiesIsFoundWithoutTheSecretsOfTheRest() throws Exception {
    Path file = directory.resolve("gatehouse.yaml");
    Files.writeString(
        file,
        """
        data_dir: ${PLACE}
        node: n1
        audit: {witness_dir: "${WITNESS:-seen}"}
        admin: {port: "${NO_SUCH_PORT}"}
        providers:
          p: {type: openai, api_key: "${file:no-such-file}", base_url: "${NO_SUCH_URL}"}
        """);

    var audit = ConfigLoader.audit(file, Map.of("PLACE", "elsewhere"));

    assertThat(audit.dir()).isEqualTo(directory.resolve("elsewhere").resolve("audit"));
    assertThat(audit.witnessDir()).isEqualTo(directory.resolve("seen"));
    assertThat(audit.node()).isEqualTo("n1");
  }

  @Test
  void personalFieldsMayBeTheUsualOnesAndOthers() throws Exception {
    Path file = directory.resolve("gatehouse.yaml");
    Files.writeString(
        file, "audit: {personal: {fields: [usual, trace_parent], subject: session}}\n");

    var personal = ConfigLoader.audit(file, Map.of()).personal();

    assertThat(personal.names()).contains("owner", "trace_parent").doesNotContain("usual");
    assertThat(personal.subject()).isEqualTo("session");
    Files.writeString(file, "audit: {personal: {fields: [verdict]}}\n");
    assertThat(audit(file, Map.of()))
        .singleElement()
        .asString()
        .contains("'verdict' must stay in clear");
  }

  @Test
  void bodiesAreKeptWhenTheConfigSaysSo() throws Exception {
    Path file = directory.resolve("gatehouse.yaml");
    Files.writeString(file, "audit: {bodies: {arguments: true, bytes_max: 16KiB, keep: 7d}}\n");

    assertThat(ConfigLoader.audit(file, Map.of()).bodies())
        .isEqualTo(new BodyRules(Set.of(Kind.ARGUMENTS), 16 << 10, 4L << 30, Duration.ofDays(7)));
    Files.writeString(file, "audit: {bodies: {requests: true, results: true}}\n");
    assertThat(ConfigLoader.audit(file, Map.of()).bodies())
        .isEqualTo(BodyRules.NONE.with(Kind.REQUEST, Kind.RESULT));
    Files.writeString(file, "audit: {bodies: {bytes_max: 2MiB}}\n");
    assertThat(audit(file, Map.of())).singleElement().asString().contains("bytes_max: 1024 to");
  }

  @Test
  void aBucketOfTheWitnessIsReadAndNeedsNoSecretOfWhoReadsTheRecord() throws Exception {
    String bucket =
        """
        witness:
          s3:
            bucket: witness
            prefix: prod/eu
            endpoint: http://127.0.0.1:9000
            access_key_id: id
            secret_access_key: ${WITNESS_SECRET}
        """;
    S3Place place =
        load(AGENT + bucket, Map.of("WITNESS_SECRET", "s3cret")).audit().s3().orElseThrow();
    assertThat(place).hasToString("s3://witness/prod/eu");
    assertThat(place.pathStyle()).isTrue();
    assertThat(place.keys().orElseThrow().secretAccessKey()).isEqualTo("s3cret");

    Path file = directory.resolve("other.yaml");
    Files.writeString(file, bucket);
    assertThat(ConfigLoader.audit(file, Map.of()).s3()).isEmpty();
  }

  @Test
  void aDatabaseForTheCopyIsReadAndNeedsNoSecretOfWhoReadsTheRecord() throws Exception {
    String copy =
        """
        audit_copy:
          postgres:
            url: postgresql://db.example/audit
            user: gateway
            password: ${COPY_SECRET}
            durability: both
            ack_timeout: 2s
        """;
    PostgresPlace place =
        load(AGENT + copy, Map.of("COPY_SECRET", "s3cret")).auditCopy().orElseThrow();
    assertThat(place).hasToString("postgresql://db.example:5432/audit");
    assertThat(place.password()).contains("s3cret");
    assertThat(place.durability()).isEqualTo(Durability.BOTH);
    assertThat(place.ackTimeout()).isEqualTo(Duration.ofSeconds(2));

    Path file = directory.resolve("other.yaml");
    Files.writeString(file, copy);
    assertThat(ConfigLoader.audit(file, Map.of()).node()).isEqualTo("local");

    assertThat(problems(AGENT + "audit_copy: {postgres: {url: 'mysql://db/a', user: g}}\n"))
        .singleElement(STRING)
        .contains("url: postgresql://host:port/database was due");
    assertThat(problems(AGENT + "audit_copy: {postgres: {url: 'postgresql://db/a'}}\n"))
        .singleElement(STRING)
        .contains("audit_copy.postgres lacks 'user'");
  }

  @Test
  void aBucketThatCannotBeIsRefusedByName() {
    assertThat(problems(AGENT + "witness: {s3: {bucket: Witness}}\n"))
        .singleElement(STRING)
        .contains("bucket: 3 to 63 lower-case letters, digits, dots or dashes, not 'Witness'");
    assertThat(
            problems(AGENT + "witness: {s3: {bucket: witness, endpoint: 'http://far.example'}}\n"))
        .singleElement(STRING)
        .contains("endpoint: an https URL", "allow_http");
    assertThat(problems(AGENT + "witness: {s3: {bucket: witness, access_key_id: id}}\n"))
        .singleElement(STRING)
        .contains("access_key_id and secret_access_key belong together");
    assertThat(problems(AGENT + "witness: {s3: {prefix: a}}\n"))
        .singleElement(STRING)
        .contains("witness.s3 lacks 'bucket'");
  }

  @Test
  void whereTheRecordLiesIsStillChecked() throws Exception {
    Path file = directory.resolve("gatehouse.yaml");
    Files.writeString(file, "data_dir: ${PLACE}\naudit: {witnes_dir: seen}\n");

    assertThat(audit(file, Map.of()))
        .containsExactly(
            "gatehouse.yaml:1:11: environment variable PLACE is not set; set it or write"
                + " ${PLACE:-default}");
    assertThat(audit(file, Map.of("PLACE", "here")))
        .containsExactly(
            "gatehouse.yaml:2:9: unknown key 'witnes_dir' in audit; did you mean 'witness_dir'?");
  }

  private List<String> audit(Path file, Map<String, String> environment) {
    return problems(
        catchThrowableOfType(ConfigException.class, () -> ConfigLoader.audit(file, environment)));
  }

  @Test
  void whereOperatorsAreHeardIsFoundWithoutTheSecretsOfTheRest() throws Exception {
    Path file = directory.resolve("gatehouse.yaml");
    Files.writeString(file, "admin: {port: 7}\nnode: ${NO_SUCH_NODE}\n");

    assertThat(ConfigLoader.admin(file, Map.of()))
        .isEqualTo(
            new ConfigLoader.AdminPlace(
                new GatewayConfig.Endpoint("127.0.0.1", 7), directory.resolve("data")));
  }

  @Test
  void brokenYamlIsReportedAtItsPlace() {
    assertThat(problems("agents:\n  - {id: a\nserver: {}\n"))
        .singleElement()
        .asString()
        .startsWith("gatehouse.yaml:3:")
        .contains("not YAML");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThat(problems(AGENT + "agents: []\n"))
        .containsExactly("gatehouse.yaml:3:1: key 'agents' stands twice in the same mapping");
  }

  @Test
  void unknownProvidersOfModelsAreRefusedWithASuggestion() {
    assertThat(
            problems(
                AGENT
                    + """
                    providers:
                      openai-main: {type: openai, api_key: k}
                    models:
                      - {name: m, providers: [openai-mian]}
                    """))
        .containsExactly(
            "gatehouse.yaml:6:27: unknown provider 'openai-mian'; did you mean 'openai-main'?");
  }

  @Test
  void anOperatorMayHaveTwoKeysWhileOneReplacesTheOther() throws Exception {
    List<OperatorEntry> operators =
        load(
                """
                agents: []
                operators: [{name: ann, groups: [ops], credentials: [{sha256: %s}, {sha256: %s}]}]
                """
                    .formatted("ab".repeat(32), "cd".repeat(32)),
                Map.of())
            .operators();
    assertThat(operators)
        .singleElement()
        .satisfies(ann -> assertThat(ann.credentials()).hasSize(2));
  }

  @Test
  void aCredentialBelongsToOneAgent() {
    String credential = "credentials: [{sha256: " + "0".repeat(64) + "}]";

    assertThat(
            problems(
                """
                agents:
                  - {id: a, owner: Ada, purpose: p, %s}
                  - {id: b, owner: Ada, purpose: p, %s}
                """
                    .formatted(credential, credential)))
        .singleElement()
        .asString()
        .contains("gatehouse.yaml:3:")
        .contains("belongs already to the one at line 2");
  }

  @Test
  void aServerIsEitherACommandOrAUrl() {
    assertThat(problems(AGENT + "mcpServers:\n  x: {command: a, url: \"http://h/\"}\n"))
        .containsExactly(
            "gatehouse.yaml:4:6: mcpServers.x needs exactly one of 'command' (stdio) and 'url'"
                + " (http), and a type that fits it");
  }

  @Test
  void aClientMetadataDocumentHasAPathOfItsOwn() throws Exception {
    String servers =
        """
        mcpServers:
          a: {url: "https://a/", auth: {type: authorization_code, client_metadata_url: "https://g/%s"}}
          b: {url: "https://b/", auth: {type: authorization_code, client_metadata_url: "https://g/c", %s}}
        """;

    assertThat(load(AGENT + servers.formatted("c", "scopes: [read]"), Map.of()).mcpServers())
        .extracting(server -> server.clientMetadata().orElseThrow().path())
        .containsExactly("/c", "/c");
    assertThat(problems(AGENT + servers.formatted("c", "client_name: Other")))
        .singleElement()
        .asString()
        .contains("gatehouse.yaml:5:", "another server's document at /c says something else");
    for (String taken : List.of("mcp", "v1/c", "oauth/token", ".well-known/jwks.json")) {
      assertThat(problems(AGENT + servers.formatted(taken, "scopes: [read]")))
          .singleElement()
          .asString()
          .contains("gatehouse.yaml:4:", "serves something else at /" + taken);
    }
    assertThat(
            problems(
                AGENT + servers.formatted("d", "client_redirect_uris: [\"https://g/callback\"]")))
        .singleElement()
        .asString()
        .contains("client_redirect_uris");
  }

  @Test
  void variablesDefaultsAndFilesAreResolved() throws Exception {
    Files.writeString(directory.resolve("key.txt"), "from-file\n");
    GatewayConfig config =
        load(
            AGENT
                + """
                server:
                  port: ${PORT:-4100}
                providers:
                  a: {type: openai, api_key: "${KEY}"}
                  b: {type: openai, api_key: "${file:key.txt}"}
                """,
            Map.of("KEY", "from-environment"));

    assertThat(config.server().endpoint().port()).isEqualTo(4100);
    assertThat(config.llm().providers().get(0).apiKey().orElseThrow().reveal())
        .isEqualTo("from-environment");
    assertThat(config.llm().providers().get(1).apiKey().orElseThrow().reveal())
        .isEqualTo("from-file");
  }

  @Test
  void missingVariablesAndFilesAreNamed() {
    assertThat(
            problems(
                AGENT
                    + "providers:\n"
                    + "  a: {type: openai, api_key: \"${NOPE}\"}\n"
                    + "  b: {type: openai, api_key: \"${file:nope}\"}\n"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("gatehouse.yaml:4:30: environment variable NOPE is not set"),
            second ->
                assertThat(second)
                    .startsWith("gatehouse.yaml:5:30: cannot read file")
                    .contains("no such file"));
  }

  @Test
  void secretsNeverStandInProblems() {
    String problem =
        problems(AGENT + "providers:\n  a: {type: openai, api_key: {nested: sk-very-secret}}\n")
            .toString();

    assertThat(problem)
        .contains("api_key must be text, found a mapping")
        .doesNotContain("sk-very-secret");
  }

  @Test
  void whatAConstructorRefusesIsReportedAtItsSection() {
    assertThat(problems(AGENT + "risk:\n  review_threshold: 80\n"))
        .singleElement()
        .asString()
        .startsWith("gatehouse.yaml:4:3: ")
        .contains("review threshold 80 lies above the deny threshold 70");
  }

  @Test
  void anUpstreamsAuthIsReadWithItsSecretsResolved() throws Exception {
    GatewayConfig config =
        load(
            AGENT
                + """
                mcpServers:
                  a: {url: "https://a/", auth: {type: authorization_code, scopes: [read]}}
                  b: {url: "https://b/", auth: {type: client_credentials, client_id: me, client_secret: "${KEY}"}}
                  c: {url: "https://c/", auth: {type: workload_identity, client_id: me, assertion_file: token}}
                """,
            Map.of("KEY", "hush"));

    assertThat(config.mcpServers().toString()).doesNotContain("hush");
    assertThat(auth(config, 0)).isInstanceOf(UpstreamAuth.AuthorizationCode.class);
    assertThat(auth(config, 1))
        .isInstanceOfSatisfying(
            UpstreamAuth.ClientCredentials.class,
            own ->
                assertThat(own.client().credential())
                    .isEqualTo(new ClientCredential.Secret("hush")));
    assertThat(auth(config, 2))
        .isInstanceOfSatisfying(
            UpstreamAuth.WorkloadIdentity.class,
            own ->
                assertThat(own.assertion())
                    .isEqualTo(new Assertion.InFile(directory.resolve("token"))));
  }

  @Test
  void anUpstreamsAuthThatLacksSomethingOrIsForAProcessIsRefused() {
    String server = AGENT + "mcpServers:\n  x: ";
    String url = server + "{url: \"https://h/\", ";
    assertThat(problems(url + "auth: {type: client_credentials}}\n").toString())
        .contains("client_id");
    assertThat(problems(url + "auth: {type: token_exchange, client_id: a}}\n").toString())
        .contains("exactly one of assertion");
    assertThat(problems(server + "{command: a, auth: {type: authorization_code}}\n").toString())
        .contains("with a url");
    assertThat(
            problems(url + "headers: {Authorization: a}, auth: {type: authorization_code}}\n")
                .toString())
        .contains("Authorization");
  }

  private static UpstreamAuth auth(GatewayConfig config, int index) {
    return ((UpstreamTransport.Http) config.mcpServers().get(index).transport())
        .auth()
        .orElseThrow();
  }

  @Test
  void anUnknownConnectorClassIsRefusedRatherThanScoredAsOther() {
    assertThat(problems(AGENT + "mcpServers:\n  x: {command: a, class: finacial}\n"))
        .singleElement()
        .asString()
        .contains("unknown connector class 'finacial'; did you mean 'financial'?");
  }

  private GatewayConfig load(String text, Map<String, String> environment) throws ConfigException {
    return ConfigLoader.parse(directory.resolve("gatehouse.yaml"), text, environment);
  }

  private List<String> problems(String text) {
    return problems(catchThrowableOfType(ConfigException.class, () -> load(text, Map.of())));
  }

  private List<String> problems(ConfigException refused) {
    assertThat(refused).as("the file was refused").isNotNull();
    return refused.problems().stream()
        .map(problem -> problem.toString().replace(directory.toString() + "/", ""))
        .toList();
  }
}
