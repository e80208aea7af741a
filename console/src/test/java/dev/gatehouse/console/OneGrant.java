package dev.gatehouse.console;

import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.approval.Grants;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** One grant that is open until it is revoked; its log can be broken. */
final class OneGrant implements Grants {

  final List<String> revoked = new CopyOnWriteArrayList<>();
  volatile boolean logBroken;

  private static final Digest DIGEST = Digest.ofJson("terms");
  private static final Grant GRANT =
      new Grant(
          "grn_1",
          new GrantScope(
              new AgentId("tester"),
              "tickets",
              Optional.of("close"),
              "helpdesk",
              Set.of(OperationType.WRITE)),
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2026-01-01T00:15:00Z"),
          new Grant.Origin(
              new ApprovalId("apr_1"),
              new CallId("01890000-0000-7000-8000-000000000001"),
              "ann",
              "an incident",
              new GrantTerms(DIGEST, DIGEST, DIGEST),
              "gw-1"));

  @Override
  public List<Grant> open() {
    return revoked.isEmpty() ? List.of(GRANT) : List.of();
  }

  @Override
  public CompletionStage<Boolean> revoke(String id, String reason, String by) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("revoking a grant needs a reason");
    }
    if (logBroken) {
      return CompletableFuture.failedStage(new AuditUnavailableException("disk full"));
    }
    boolean open = id.equals(GRANT.id()) && revoked.isEmpty();
    if (open) {
      revoked.add(id + " by " + by + ": " + reason);
    }
    return CompletableFuture.completedStage(open);
  }
}
