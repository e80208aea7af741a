package dev.gatehouse.gateway;

import dev.gatehouse.gateway.config.GatewayConfig;
import java.util.ArrayList;
import java.util.List;

/** What of a config is fixed at start. */
final class FixedSettings {

  private FixedSettings() {}

  /** What of it differs in the next config, in words for operators; empty when nothing does. */
  static List<String> differences(GatewayConfig now, GatewayConfig next) {
    List<String> differences = new ArrayList<>();
    differ(differences, "server", now.server(), next.server());
    differ(differences, "admin", now.admin(), next.admin());
    differ(differences, "admin.public_url", now.publicUrl(), next.publicUrl());
    differ(differences, "data_dir", now.dataDir(), next.dataDir());
    differ(differences, "log_level", now.logLevel(), next.logLevel());
    differ(differences, "audit or node", now.audit(), next.audit());
    differ(differences, "audit_copy", now.auditCopy(), next.auditCopy());
    differ(differences, "fleet", now.fleet(), next.fleet());
    differ(differences, "approvals or grants", now.governanceLimits(), next.governanceLimits());
    differ(differences, "approvals.store", now.approvalStore(), next.approvalStore());
    return differences;
  }

  private static void differ(List<String> differences, String section, Object now, Object next) {
    if (!now.equals(next)) {
      differences.add(section + " changed, which takes a restart; nothing was changed");
    }
  }
}
