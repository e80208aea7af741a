package dev.gatehouse.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.fleet.FleetNote;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was sealed is read, and nothing else. */
final class NoteSealTest {

  private static final URI REDIS = URI.create("redis://localhost:6379");
  private static final FleetSecret OURS = new FleetSecret("ours", "0123456789abcdef".repeat(2));
  private static final FleetSecret OTHER = new FleetSecret("other", "0123456789abcdeF".repeat(2));
  private static final FleetNote NOTE =
      new FleetNote("order-1", false, "{\"by\":\"ann\",\"reason\":\"Störung\\n7\"}");

  private final NoteSeal one = seal(OURS, Optional.empty(), "gatehouse", "stops", "one");
  private final NoteSeal two = seal(OURS, Optional.empty(), "gatehouse", "stops", "two");
  private final String said = "s" + one.seal(NOTE);

  private static NoteSeal seal(
      FleetSecret secret,
      Optional<FleetSecret> before,
      String namespace,
      String kind,
      String node) {
    FleetConfig like = FleetConfig.of(REDIS, secret);
    FleetConfig config =
        new FleetConfig(
            REDIS,
            Optional.empty(),
            Optional.empty(),
            secret,
            before,
            namespace,
            like.connectTimeout(),
            like.commandTimeout(),
            like.syncEvery(),
            like.countEvery(),
            like.retryMax(),
            like.lease(),
            like.queueMax());
    return new NoteSeal(config, kind, node);
  }

  @Test
  void whatOneProcessSealsAnotherReads() {
    assertThat(two.open("order-1", said)).contains(NOTE);
    FleetNote over = new FleetNote("order-1", true, "");
    assertThat(two.open("order-1", "l" + one.seal(over))).contains(over);
  }

  @Test
  void whereAnyCharacterIsAnotherItIsRefused() {
    for (int at = 0; at < said.length(); at++) {
      for (int bit = 0; bit < 7; bit++) {
        char other = (char) (said.charAt(at) ^ (1 << bit));
        assertThat(two.open("order-1", said.substring(0, at) + other + said.substring(at + 1)))
            .as("character %d as %d", at, (int) other)
            .isEmpty();
      }
    }
  }

  @Test
  void whereAnyCharacterIsMissingOrTooManyItIsRefused() {
    for (int at = 0; at < said.length(); at++) {
      assertThat(two.open("order-1", said.substring(0, at))).as("cut at %d", at).isEmpty();
      assertThat(two.open("order-1", said.substring(0, at) + "x" + said.substring(at))).isEmpty();
    }
    assertThat(two.open("order-1", said + "x")).isEmpty();
  }

  @Test
  void underAnotherNameItIsRefused() {
    assertThat(two.open("order-2", said)).isEmpty();
    assertThat(two.open("", said)).isEmpty();
    assertThat(two.open("no name\nat all", said)).isEmpty();
  }

  @Test
  void anOrderIsNoEndOfIt() {
    assertThat(two.open("order-1", "l" + said.substring(1))).isEmpty();
  }

  @Test
  void ofAnotherProcessThanItNamesItIsRefused() {
    assertThat(said).contains("one\n");
    assertThat(two.open("order-1", said.replaceFirst("one\n", "two\n"))).isEmpty();
  }

  @Test
  void ofAnotherKindItIsRefused() {
    for (String kind : new String[] {"grants", "policies"}) {
      assertThat(seal(OURS, Optional.empty(), "gatehouse", kind, "one").open("order-1", said))
          .isEmpty();
    }
  }

  @Test
  void ofAnotherFleetInTheSameRedisItIsRefusedThoughTheSecretIsTheSame() {
    assertThat(seal(OURS, Optional.empty(), "other", "stops", "one").open("order-1", said))
        .isEmpty();
  }

  @Test
  void withAnotherSecretItIsRefusedUnlessThatIsTheOneBefore() {
    assertThat(seal(OTHER, Optional.empty(), "gatehouse", "stops", "one").open("order-1", said))
        .isEmpty();
    NoteSeal turned = seal(OTHER, Optional.of(OURS), "gatehouse", "stops", "one");
    assertThat(turned.open("order-1", said)).contains(NOTE);
    assertThat(two.open("order-1", "s" + turned.seal(NOTE))).isEmpty();
  }

  @Test
  void whatHasNoSealIsRefused() {
    for (String text : new String[] {"", "s", "l", "\n", "s\n", NOTE.text(), "s" + NOTE.text()}) {
      assertThat(two.open("order-1", text)).isEmpty();
    }
    assertThat(two.open("order-1", "s" + "A".repeat(43) + "one\n" + NOTE.text())).isEmpty();
  }
}
