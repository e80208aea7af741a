package dev.gatehouse.audit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresPlaceTest {

  private static PostgresPlace at(String url) {
    return PostgresPlace.of(URI.create(url), "gateway", Optional.of("s3cret"));
  }

  @Test
  void theServerIsCheckedUnlessItIsThisMachine() {
    assertThat(at("postgresql://db.example/audit").address().sslMode()).isEqualTo("verify-full");
    assertThat(at("postgresql://127.0.0.1/audit").address().sslMode()).isEqualTo("prefer");
    assertThat(at("postgresql://db.example/audit?sslmode=verify-ca").address().sslMode())
        .isEqualTo("verify-ca");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://db.example/audit?sslmode=require",
        "postgresql://db.example/audit?sslmode=disable",
        "postgresql://127.0.0.1/audit?sslmode=whatever",
        "postgresql://gateway:pw@db.example/audit",
        "postgresql://db.example/audit?socketFactory=x.Y",
        "postgresql://db.example/",
        "postgresql://db.example",
        "mysql://db.example/audit",
        "db.example"
      })
  void anAddressThatIsUnsafeOrNoneIsRefused(String url) {
    assertThatThrownBy(() -> at(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url: ");
  }

  @Test
  void whatPeopleSeeOfItHasNoPassword() {
    assertThat(at("postgresql://db.example/audit"))
        .hasToString("postgresql://db.example:5432/audit");
  }
}
