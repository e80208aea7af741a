package dev.gatehouse.connectors.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientMetadataTest {

  private static final URI URL = URI.create("https://gw.example/clients/gatehouse.json");

  @Test
  void theDocumentDescribesAPublicClientOfItsOwnUrl() {
    ClientMetadata metadata = new ClientMetadata(URL, "Ada's", ClientMetadata.LOOPBACK);
    JsonDocument document =
        JsonDocument.read(metadata.json().getBytes(StandardCharsets.UTF_8)).orElseThrow();

    assertThat(metadata.path()).isEqualTo("/clients/gatehouse.json");
    assertThat(document.text("client_id")).contains(URL.toString());
    assertThat(document.text("client_name")).contains("Ada's");
    assertThat(document.texts("redirect_uris")).contains(List.of("http://127.0.0.1/callback"));
    assertThat(document.texts("grant_types"))
        .contains(List.of("authorization_code", "refresh_token"));
    assertThat(document.texts("response_types")).contains(List.of("code"));
    assertThat(document.text("token_endpoint_auth_method")).contains("none");
    assertThat(document.text("application_type")).contains("native");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://gw.example/c.json",
        "https://gw.example",
        "https://gw.example/",
        "https://user@gw.example/c.json",
        "https://gw.example/c.json#part",
        "https://gw.example/a/../c.json",
        "https://gw.example/./c.json",
        "mailto:ada@gw.example"
      })
  void aUrlThatNoServerMayTakeIsRefused(String url) {
    assertThatThrownBy(() -> new ClientMetadata(URI.create(url), "Ada's", ClientMetadata.LOOPBACK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/callback",
        "http://gw.example/callback",
        "http://127.0.0.1.gw.example/callback",
        "http://127.0.0.1",
        "http://user@127.0.0.1/callback",
        "http://127.0.0.1/callback#part"
      })
  void browsersAreSentBackToThisMachineOnly(String redirect) {
    assertThatThrownBy(() -> new ClientMetadata(URL, "Ada's", List.of(URI.create(redirect))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(redirect);
  }

  @Test
  void asManyRedirectUrisAreTakenAsTheLimitSays() {
    URI one = ClientMetadata.LOOPBACK.getFirst();
    List<URI> most = Collections.nCopies(ClientMetadata.REDIRECT_URIS_MAX, one);
    assertThat(new ClientMetadata(URL, "Ada's", most).redirectUris()).hasSize(most.size());
    for (int count : List.of(0, most.size() + 1)) {
      assertThatThrownBy(() -> new ClientMetadata(URL, "Ada's", Collections.nCopies(count, one)))
          .hasMessageContaining("1 to 20 redirect URIs, this has " + count);
    }
  }
}
