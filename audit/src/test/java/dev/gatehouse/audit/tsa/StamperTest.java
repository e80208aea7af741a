package dev.gatehouse.audit.tsa;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.tsa.TsaStandIn.Fault;
import dev.gatehouse.audit.verify.AuditReport;
import dev.gatehouse.audit.verify.AuditVerifier;
import dev.gatehouse.audit.verify.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Time-stamps over a real socket, from an authority that openssl plays. */
class StamperTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String LOG = "fleet/gate1-standard";

  @TempDir Path temp;
  LogFixture fixture;
  TsaStandIn authority;

  @BeforeEach
  void anAuthority() throws IOException {
    fixture = new LogFixture(temp);
    fixture.clock.advance(Duration.between(fixture.clock.instant(), Instant.now()));
    authority = new TsaStandIn(temp.resolve("authority"));
    fixture.stamps = Optional.of(authority.place());
  }

  @AfterEach
  void stop() {
    authority.close();
  }

  private Path file(int number, String suffix) {
    return fixture.witness.resolve(LOG).resolve("0000000" + number + suffix);
  }

  private AuditReport verify(Path root) throws IOException {
    return AuditVerifier.verify(
        fixture.dir,
        Optional.of(fixture.witness),
        Trust.of(Optional.empty(), Optional.of(Files.readString(root))));
  }

  private static StampState stamps(SegmentAuditLog log) {
    return log.state().stamps().orElseThrow();
  }

  @Test
  void checkpointsAreStampedAndAnybodyWithOpensslCanCheckThem() throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      await().atMost(PATIENCE).until(() -> Files.exists(file(1, ".tsr")));
      await().atMost(PATIENCE).until(() -> stamps(log).last().isPresent());
      assertThat(stamps(log).failure()).isEmpty();
      assertThat(stamps(log).late()).isFalse();
    }

    assertThat(file(2, ".tsr")).as("the last one, before the log was closed").exists();
    assertThat(
            authority.openssl(
                List.of("-data", file(2, ".note").toString(), "-in", file(2, ".tsr").toString()),
                "ts -verify -CAfile root.pem"))
        .contains("Verification: OK");
    assertThat(verify(authority.root()))
        .isInstanceOfSatisfying(
            AuditReport.Sound.class,
            sound ->
                assertThat(sound.notes())
                    .anyMatch(
                        note ->
                            note.startsWith("2 time-stamps of " + LOG + " hold; checkpoint 2")
                                && note.endsWith("says CN=Authority")));
    assertThat(fixture.sound().notes()).anyMatch(note -> note.contains("nobody here vouches"));
  }

  @Test
  void aStampByAnAuthorityThatLeadsElsewhereIsRefused() throws Exception {
    fixture.open().close();
    try (TsaStandIn other = new TsaStandIn(temp.resolve("other"))) {
      assertThat(verify(other.root()))
          .isInstanceOfSatisfying(
              AuditReport.Broken.class,
              broken -> assertThat(broken.row().toString()).contains(LOG + "/"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONE", "SILENCE"},
      mode = EnumSource.Mode.EXCLUDE)
  void aFailureIsToldAndHoldsNothingUpAndTheNextStampCovers(Fault fault) throws Exception {
    try (SegmentAuditLog log = fixture.open()) {
      await().atMost(PATIENCE).until(() -> stamps(log).last().isPresent());
      authority.fault.set(fault);
      durable(log, event(1));
      log.checkpoint();
      await().atMost(PATIENCE).until(() -> !stamps(log).failure().isEmpty());
      durable(log, event(2));
      assertThat(stamps(log).late()).isFalse();
      assertThat(file(2, ".tsr")).doesNotExist();
      assertThat(log.state().open()).isTrue();
      fixture.clock.advance(Duration.ofMinutes(121)); // the fixture's interval is an hour
      assertThat(stamps(log).late()).isTrue();
      assertThat(log.state().open()).isTrue();
      fixture.clock.advance(Duration.ofMinutes(-121));

      authority.fault.set(Fault.NONE);
      log.checkpoint();
      await().atMost(PATIENCE).until(() -> Files.exists(file(3, ".tsr")));
      await().atMost(PATIENCE).until(() -> stamps(log).failure().isEmpty());
      assertThat(file(2, ".tsr")).as("the third covers it").doesNotExist();
    }
    assertThat(verify(authority.root())).isInstanceOf(AuditReport.Sound.class);
  }

  @Test
  void anAuthorityThatDoesNotAnswerHoldsNothingUpLongerThanItsTimeout() throws Exception {
    StampPlace place = authority.place();
    fixture.stamps =
        Optional.of(new StampPlace(place.url(), false, Duration.ofSeconds(1), place.roots()));
    authority.fault.set(Fault.SILENCE);
    try (SegmentAuditLog log = fixture.open()) {
      durable(log, event(1));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(stamps(log).failure()).contains("does not answer"));
    }
    assertThat(verify(authority.root())).isInstanceOf(AuditReport.Sound.class);
  }

  @Test
  void aClockThatIsFarFromTheAuthoritysIsAFailure() throws Exception {
    fixture.clock.advance(Duration.ofDays(-1));
    try (SegmentAuditLog log = fixture.open()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(stamps(log).failure()).contains("plausible"));
    }
    assertThat(file(1, ".tsr")).doesNotExist();
  }

  @Test
  void plainHttpElsewhereMustBeAskedFor() {
    URI url = URI.create("http://tsa.example.com/");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StampPlace(url, false, StampPlace.TIMEOUT, Optional.empty()))
        .withMessageContaining("allow_http");
    assertThat(new StampPlace(url, true, StampPlace.TIMEOUT, Optional.empty()).url())
        .isEqualTo(url);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StampPlace(url, true, Duration.ZERO, Optional.empty()))
        .withMessageContaining("timeout");
  }
}
