package dev.gatehouse.policy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest;
import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.core.sql.PostgresAddress;
import dev.gatehouse.policy.approval.ApprovalStore;
import dev.gatehouse.policy.approval.ApprovalStoreException;
import dev.gatehouse.testkit.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A store in a real PostgreSQL, which other gateways may use as well. */
final class PostgresApprovalStoreTest extends ApprovalStoreContract {

  private static PostgresServer server;

  private final String database = newDatabase();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = PostgresServer.start();
  }

  @AfterAll
  static void end() throws IOException, InterruptedException {
    server.remove();
  }

  private static String newDatabase() {
    try {
      return server.database();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  ApprovalStore open() {
    return open("gate1");
  }

  private ApprovalStore open(String node) {
    return SqlApprovalStore.postgres(address(database), node);
  }

  private static PostgresAddress address(String database) {
    return new PostgresAddress(
        URI.create("postgresql://127.0.0.1:" + server.port() + "/" + database),
        database,
        Optional.of("hush"),
        false,
        Duration.ofSeconds(10));
  }

  @Test
  void eachNodeSeesItsOwnQuestions() {
    ApprovalRequest asked = request("apr_a", 0, State.APPROVED, Map.of());
    try (ApprovalStore second = open("gate2");
        ApprovalStore third = open("gate3")) {
      second.write(List.of(asked));
      third.write(List.of(asked.moved(State.CONSUMED, "ann", "")));

      assertThat(second.open()).containsExactly(asked);
      assertThat(third.open()).isEmpty();
    }
  }

  @Test
  void aSecondProcessOfTheSameNameIsRefused() {
    try (ApprovalStore _ = open("gate2")) {
      assertThatThrownBy(() -> open("gate2"))
          .isInstanceOf(ApprovalStoreException.class)
          .hasMessageContaining("cannot be opened")
          .cause()
          .hasMessage("another gateway named gate2 keeps its approvals there");
    }
    open("gate2").close();
  }

  @Test
  void aWriteThatTheServerDidNotTakeFailsAndOneAfterItIsBackIsTaken() throws Exception {
    ApprovalRequest asked = request("apr_a", 0, State.PENDING, Map.of("id", "7"));
    try (ApprovalStore store = open("gate2")) {
      server.halt();
      assertThatThrownBy(() -> store.write(List.of(asked)))
          .isInstanceOf(ApprovalStoreException.class)
          .hasMessageContaining(database + " cannot be written")
          .message()
          .doesNotContain("hush");
      server.resume();

      store.write(List.of(asked));

      assertThat(store.open()).containsExactly(asked);
    }
  }

  @Test
  void allOfABatchIsWrittenOrNothing() throws SQLException {
    ApprovalRequest first = request("apr_a", 0, State.PENDING, Map.of());
    ApprovalRequest second = request("apr_b", 1, State.PENDING, Map.of());
    try (ApprovalStore store = open("gate2")) {
      server.execute(database, "ALTER TABLE gatehouse_approvals ADD CHECK (id <> 'apr_b')");
      assertThatThrownBy(() -> store.write(List.of(first, second)))
          .isInstanceOf(ApprovalStoreException.class);

      assertThat(store.open()).isEmpty();
    }
  }

  @Test
  void aDamagedQuestionIsAFaultAndNotAnEmptyStore() throws SQLException {
    try (ApprovalStore store = open("gate2")) {
      store.write(List.of(request("apr_a", 0, State.APPROVED, Map.of())));
      server.execute(database, "UPDATE gatehouse_approvals SET question = '{\"id\": 1}'");
      assertThatThrownBy(store::open)
          .isInstanceOf(ApprovalStoreException.class)
          .hasMessageContaining("cannot be read");
    }
  }
}
