package dev.gatehouse.policy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.core.approval.ApprovalRequest.State;
import dev.gatehouse.policy.approval.ApprovalStore;
import dev.gatehouse.policy.approval.ApprovalStoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default store: a file beside the audit log. */
final class SqliteApprovalStoreTest extends ApprovalStoreContract {

  @TempDir Path dir;

  @Override
  ApprovalStore open() {
    return SqlApprovalStore.sqlite(file());
  }

  private Path file() {
    return dir.resolve("approvals.db");
  }

  @Test
  void onlyItsOwnerReadsTheFile() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aDamagedQuestionIsAFaultAndNotAnEmptyStore() throws SQLException {
    try (ApprovalStore store = open()) {
      store.write(List.of(request("apr_a", 0, State.APPROVED, Map.of())));
    }
    try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement damage = sql.createStatement()) {
      damage.execute("UPDATE approvals SET question = '{\"id\": 1}'");
    }
    try (ApprovalStore store = open()) {
      assertThatThrownBy(store::open)
          .isInstanceOf(ApprovalStoreException.class)
          .hasMessageContaining("approvals.db cannot be read");
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsSaidSo() throws IOException {
    Path other = dir.resolve("other.db");
    Files.write(
        other,
        "no database at all, but quite a long text".repeat(40).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> SqlApprovalStore.sqlite(other))
        .isInstanceOf(ApprovalStoreException.class)
        .hasMessageContaining("other.db cannot be opened");
  }
}
