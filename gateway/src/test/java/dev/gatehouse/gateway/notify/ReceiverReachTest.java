package dev.gatehouse.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a notice may go, by what the host's name leads to at that moment. */
final class ReceiverReachTest {

  private static Receiver receiver(String url, boolean allowPrivate) {
    return new Receiver(
        "r",
        URI.create(url),
        allowPrivate,
        Set.of(NoticeKind.DRIFT_ALERT),
        BodyStyle.JSON,
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  private static ReceiverReach leadingTo(String... addresses) {
    return new ReceiverReach(
        _ -> {
          InetAddress[] all = new InetAddress[addresses.length];
          for (int i = 0; i < all.length; i++) {
            all[i] = InetAddress.getByName(addresses[i]);
          }
          return all;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "https://hooks.example/x, false, 93.184.216.34",
    "https://hooks.example/x, true, 10.0.0.1",
    "http://hooks.example/x, true, 192.168.0.7",
    "http://hooks.example/x, true, fd00::1",
    "http://hooks.example/x, true, 127.0.0.1",
    "http://localhost/x, false, 127.0.0.1",
    "http://127.0.0.1:9/x, false, 127.0.0.1",
    "'http://[::1]/x', false, ::1"
  })
  void itMayGoThere(String url, boolean allowPrivate, String address) throws IOException {
    assertThat(leadingTo(address).addresses(receiver(url, allowPrivate)))
        .containsExactly(InetAddress.getByName(address));
  }

  @ParameterizedTest
  @CsvSource({
    "https://hooks.example/x, false, 10.0.0.1",
    "https://hooks.example/x, false, 192.168.1.1",
    "https://hooks.example/x, false, fd00::1",
    "https://hooks.example/x, false, 127.0.0.1",
    "http://localhost/x, false, 93.184.216.34",
    "http://hooks.example/x, true, 93.184.216.34",
    "https://hooks.example/x, true, 169.254.169.254",
    "https://hooks.example/x, true, fe80::1",
    "https://hooks.example/x, true, 0.0.0.0",
    "https://hooks.example/x, true, 64:ff9b::a9fe:a9fe",
    "https://hooks.example/x, true, ::ffff:169.254.169.254"
  })
  void itMayNotGoThere(String url, boolean allowPrivate, String address) {
    assertThatThrownBy(() -> leadingTo(address).addresses(receiver(url, allowPrivate)))
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain("hooks.example");
  }

  @Test
  void oneAddressThatIsNotAllowedIsEnoughToRefuseAll() {
    assertThatThrownBy(
            () ->
                leadingTo("93.184.216.34", "169.254.169.254")
                    .addresses(receiver("https://hooks.example/x", true)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aNameThatNobodyKnowsIsNotAsked() {
    ReceiverReach lost =
        new ReceiverReach(
            host -> {
              throw new UnknownHostException(host);
            });
    assertThatThrownBy(() -> lost.addresses(receiver("https://hooks.example/x", false)))
        .isInstanceOf(IOException.class)
        .hasMessage("its host name is unknown");
  }
}
