package dev.gatehouse.gateway.cli;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.gate.Admission;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.policy.Governance;
import dev.gatehouse.policy.GovernanceLimits;
import dev.gatehouse.policy.GovernanceRules;
import dev.gatehouse.testkit.GateFixture;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Calls that the real Gate decides under the default rules, into whichever log. */
final class DecidedCalls {

  private DecidedCalls() {}

  /** {@code crm.drop} on production, of that type; reading is allowed, destroying is not. */
  static ToolCall drop(OperationType type) {
    return call("drop", type, "customer_data", TargetTier.PROD, Map.of());
  }

  /** {@code crm.get} on a development system, which is allowed. */
  static ToolCall get(Map<String, Object> arguments) {
    return call("get", OperationType.READ, "internal", TargetTier.DEV, arguments);
  }

  private static ToolCall call(
      String operation,
      OperationType type,
      String connectorClass,
      TargetTier tier,
      Map<String, Object> arguments) {
    return ToolCall.of(
        CallId.next(InstantSource.system(), RandomGenerator.getDefault()),
        GateFixture.PRINCIPAL,
        "s",
        new ToolDescriptor(
            "crm__" + operation,
            "crm",
            operation,
            Map.of(),
            type,
            "config",
            connectorClass,
            "crm",
            tier),
        arguments,
        new Deadline(Instant.MAX),
        TraceContext.NONE);
  }

  /** Lets it be decided. */
  static Admission decide(AuditLog log, ToolCall call) {
    try (Governance governance =
        Governance.start(
            GovernanceRules.DEFAULT,
            GovernanceLimits.DEFAULT,
            new GateFixture().registry(),
            log,
            InstantSource.system())) {
      return governance.gate().admit(call);
    }
  }
}
