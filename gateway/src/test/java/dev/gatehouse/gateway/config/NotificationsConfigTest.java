package dev.gatehouse.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.gateway.notify.BodyStyle;
import dev.gatehouse.gateway.notify.NoticeKind;
import dev.gatehouse.gateway.notify.Receiver;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is told of what, as the config writes it. */
final class NotificationsConfigTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path directory;

  private GatewayConfig load(String yaml) throws ConfigException {
    return ConfigLoader.parse(
        directory.resolve("gatehouse.yaml"), "agents: []\n" + yaml, Map.of("SECRET", SECRET));
  }

  @Test
  void nobodyIsToldUnlessTheConfigSaysSo() throws ConfigException {
    assertThat(load("").receivers()).isEmpty();
    assertThat(load("").publicUrl()).isEmpty();
  }

  @Test
  void aReceiverHasDefaultsForAllButItsNameAndAddress() throws ConfigException {
    Receiver receiver =
        load("notifications: [{name: ops, url: 'https://hooks.example/T/B/x'}]\n")
            .receivers()
            .getFirst();
    assertThat(receiver.url()).isEqualTo(URI.create("https://hooks.example/T/B/x"));
    assertThat(receiver.events()).isEqualTo(EnumSet.allOf(NoticeKind.class));
    assertThat(receiver.style()).isEqualTo(BodyStyle.JSON);
    assertThat(receiver.secret()).isEmpty();
    assertThat(receiver.allowPrivate()).isFalse();
  }

  @Test
  void everyWordOfTheSchemaIsAnEventAndTheOtherWayRound() throws ConfigException {
    for (NoticeKind kind : NoticeKind.values()) {
      assertThat(
              load("notifications: [{name: a, url: 'https://h.example', events: ["
                      + kind.word()
                      + "]}]\n")
                  .receivers()
                  .getFirst()
                  .events())
          .containsExactly(kind);
    }
  }

  @Test
  void secretsAddressesAndHeadersAreNotShown() throws ConfigException {
    GatewayConfig config =
        load(
            "admin: {public_url: 'https://gate.example'}\n"
                + "notifications: [{name: ops, url: 'https://hooks.example/hush', secret:"
                + " '${SECRET}', style: slack, headers: {Authorization: hush}}]\n");
    assertThat(config.publicUrl()).contains(URI.create("https://gate.example"));
    assertThat(config.receivers().getFirst().secret().orElseThrow().text()).isEqualTo(SECRET);
    assertThat(List.of(config.toString(), config.receivers().toString()))
        .allSatisfy(text -> assertThat(text).doesNotContain("hush", "MfKQ"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: a, url: 'http://hooks.example/hush'} | allow_private",
        "{name: a, url: 'ftp://hooks.example/hush'} | url",
        "{name: a, url: 'https://user:hush@hooks.example/'} | without user",
        "{name: a, url: 'https://hooks.example/#hush'} | fragment",
        "{name: a, url: 'https://hooks.example/hu sh'} | no URL",
        "{name: a, url: 'https://h.example', secret: hush} | 24 to 64 bytes",
        "{name: a, url: 'https://h.example', headers: {Webhook-Signature: hush}} |"
            + " Webhook-Signature",
        "{name: a, url: 'https://h.example', headers: {Host: hush}} | Host",
        "{name: a, url: 'https://h.example', headers: {X: \"hush\\nY: 1\"}} | ASCII",
        "{name: a, url: 'https://h.example', events: [approval.given]} | events",
        "{name: a, url: 'https://h.example', events: []} | events",
        "{name: a, url: 'https://h.example'}, {name: a, url: 'https://i.example'} | receiver 'a'",
        "{name: a} | url"
      })
  void whatIsWrongIsNamedAndNoSecretRepeated(String receivers, String named) {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> load("notifications: [" + receivers + "]\n"));
    assertThat(refused).isNotNull();
    assertThat(refused.problems().toString()).contains(named).doesNotContain("hush", "hu sh");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', operators: [bob]} | unknown operator"
            + " 'bob'",
        "{secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', operators: []} | operators",
        "{secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'} | operators",
        "{operators: [ann]} | secret",
        "{secret: hush, operators: [ann]} | 24 to 64 bytes",
        "{secret: '${SECRET}', operators: [ann]} | a secret of its own"
      })
  void aCallbackNamesWhomItSpeaksForAndHasASecretOfItsOwn(String callback, String named) {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                load(
                    """
                    operators: [{name: ann, credentials: [{sha256: %s}]}]
                    notifications: [{name: a, url: 'https://h.example', secret: '${SECRET}', callback: %s}]
                    """
                        .formatted("0".repeat(64), callback)));
    assertThat(refused).isNotNull();
    assertThat(refused.problems().toString())
        .contains(named)
        .doesNotContain("hush", "MfKQ", "C2FV");
  }

  @ParameterizedTest
  @CsvSource({"https://gate.example/?a=1", "https://a:b@gate.example", "'https:///x'"})
  void anAddressThatLinksCannotStandUnderIsRefused(String url) {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> load("admin: {public_url: '" + url + "'}\n"));
    assertThat(refused.problems().toString()).contains("public_url");
  }
}
