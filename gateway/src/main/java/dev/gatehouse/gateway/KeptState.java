package dev.gatehouse.gateway;

import dev.gatehouse.connectors.oauth.EncryptedTokenStore;
import dev.gatehouse.connectors.oauth.OAuthPorts;
import dev.gatehouse.connectors.pins.PinBook;
import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.gateway.config.GatewayConfig;
import dev.gatehouse.policy.approval.ApprovalKeeper;
import dev.gatehouse.policy.approval.ApprovalStoreException;
import dev.gatehouse.policy.grant.GrantFile;
import dev.gatehouse.policy.grant.GrantKeeper;
import dev.gatehouse.policy.publish.PolicyShelf;
import dev.gatehouse.policy.stop.StopFile;
import dev.gatehouse.policy.stop.StopKeeper;
import dev.gatehouse.policy.store.SqlApprovalStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What the data directory keeps over a restart, the record and the use of budgets aside. What is
 * damaged is named, and the gateway does not start.
 *
 * @param oauth what operators authorized, encrypted; nobody is asked while a call waits
 * @param pins the definitions of tools that were seen and approved
 * @param approvals the questions that are open
 * @param stops what the kill switch has stopped
 * @param grants the grants that are open
 * @param policies the versions of policies that operators published
 */
record KeptState(
    OAuthPorts oauth,
    PinBook pins,
    ApprovalKeeper approvals,
    StopKeeper stops,
    GrantKeeper grants,
    PolicyShelf policies) {

  /** Opens all of it; published policies must go with the config's. */
  static KeptState open(GatewayConfig config, AuditLog audit, Clock clock) throws IOException {
    Path dataDir = config.dataDir();
    KeptState kept =
        new KeptState(
            authorizations(dataDir),
            PinBook.open(dataDir.resolve("pins.json"), audit, clock),
            approvals(config),
            StopFile.open(dataDir.resolve("stops.json")),
            GrantFile.open(dataDir.resolve("grants.json")),
            PolicyShelf.open(dataDir.resolve("policies")));
    List<String> clashes =
        RulesInForce.clashes(config.governance(), kept.policies().rulesInForce());
    if (!clashes.isEmpty()) {
      throw new IOException(String.join("; ", clashes));
    }
    return kept;
  }

  private static OAuthPorts authorizations(Path dataDir) throws IOException {
    SecureRandom random = new SecureRandom();
    return new OAuthPorts(
        EncryptedTokenStore.open(
            dataDir.resolve("upstream-authorizations"), dataDir.resolve("upstream.key"), random),
        Optional.empty(),
        random);
  }

  private static ApprovalKeeper approvals(GatewayConfig config) throws IOException {
    try {
      ApprovalKeeper keeper =
          ApprovalKeeper.in(
              config
                  .approvalStore()
                  .map(place -> SqlApprovalStore.postgres(place, config.audit().node()))
                  .orElseGet(
                      () -> SqlApprovalStore.sqlite(config.dataDir().resolve("approvals.db"))));
      var _ = keeper.open(); // says at once what is damaged
      return keeper;
    } catch (ApprovalStoreException e) {
      throw new IOException(e.getMessage() + ": " + e.getCause(), e);
    }
  }
}
