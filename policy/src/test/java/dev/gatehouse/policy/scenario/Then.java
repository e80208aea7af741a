package dev.gatehouse.policy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.decision.Decision;
import dev.gatehouse.core.decision.RiskScore;
import dev.gatehouse.core.gate.Admission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a scenario expects of a call: the answer, the score and the rows. */
final class Then {

  private static final String AGENT = "governance.agent";

  private Then() {}

  static void check(Tree then, Admission admission, List<Map<String, Object>> rows, Instant now) {
    then.only(
        "verdict",
        "rule",
        "risk",
        "message",
        "retry",
        "findings",
        "row",
        "rows",
        "approvers",
        "expires_in");
    assertThat(verdict(admission)).as(String.valueOf(rows)).isEqualTo(then.text("verdict", ""));
    if (then.has("rule")) {
      assertThat(named(rule(admission))).isEqualTo(then.text("rule", ""));
    }
    if (then.has("message")) {
      assertThat(message(admission)).contains(then.text("message", ""));
    }
    if (then.has("risk")) {
      RiskScore risk = risk(admission);
      assertThat(List.of(risk.operation(), risk.connector(), risk.session(), risk.target()))
          .isEqualTo(then.list("risk"));
    }
    if (then.has("retry")) {
      Decision.Throttle throttle = (Decision.Throttle) ((Admission.Refused) admission).decision();
      assertThat(throttle.retryAfter()).isEqualTo(Tree.duration(then.text("retry", "")));
    }
    if (then.has("approvers")) {
      assertThat(((Admission.Pending) admission).request().approvers())
          .isEqualTo(then.texts("approvers"));
    }
    if (then.has("expires_in")) {
      assertThat(Duration.between(now, ((Admission.Pending) admission).request().expiresAt()))
          .isEqualTo(Tree.duration(then.text("expires_in", "")));
    }
    checkRows(then, admission, rows);
  }

  private static void checkRows(Tree then, Admission admission, List<Map<String, Object>> rows) {
    if (then.has("rows")) {
      // In front of an agent's first call stands what is registered of it.
      assertThat(rows.stream().map(Then::kind).filter(kind -> !kind.equals(AGENT)).toList())
          .isEqualTo(then.texts("rows"));
    }
    Map<String, Object> intent =
        rows.stream().filter(row -> "intent".equals(row.get("type"))).findFirst().orElse(Map.of());
    if (!intent.isEmpty() && !(admission instanceof Admission.Pending)) {
      assertThat(intent.get("rule")).isEqualTo(rule(admission));
    }
    if (then.has("findings")) {
      List<?> findings = intent.get("findings") instanceof List<?> list ? list : List.of();
      assertThat(
              findings.stream()
                  .map(finding -> named(String.valueOf(((Map<?, ?>) finding).get("rule"))))
                  .toList())
          .isEqualTo(then.texts("findings"));
    }
    then.object("row")
        .forEach(
            (field, value) ->
                assertThat(String.valueOf(intent.get(field)))
                    .as(field)
                    .isEqualTo(String.valueOf(value)));
  }

  private static String kind(Map<String, Object> row) {
    return String.valueOf(
        "event".equals(row.get("type"))
            ? row.get("event")
            : Objects.requireNonNull(row.get("type")));
  }

  private static String verdict(Admission admission) {
    return switch (admission) {
      case Admission.Granted _ -> "allow";
      case Admission.Pending _ -> "approval_required";
      case Admission.Refused refused -> refused.decision().verdict();
    };
  }

  private static String rule(Admission admission) {
    return switch (admission) {
      case Admission.Granted granted -> granted.grant().permit().reason().rule();
      case Admission.Pending pending -> pending.request().reason().rule();
      case Admission.Refused refused -> refused.decision().reason().rule();
    };
  }

  /** Ids of approvals and grants differ from one run to the next. */
  private static String named(String rule) {
    return rule.replaceFirst("^(approval|grant):(apr|grn)_.*", "$1");
  }

  private static String message(Admission admission) {
    return switch (admission) {
      case Admission.Granted granted -> granted.grant().permit().reason().message();
      case Admission.Pending pending -> pending.request().reason().message();
      case Admission.Refused refused -> refused.decision().reason().message();
    };
  }

  private static RiskScore risk(Admission admission) {
    return switch (admission) {
      case Admission.Granted granted -> granted.grant().risk();
      case Admission.Pending pending -> pending.request().risk();
      case Admission.Refused refused -> refused.risk();
    };
  }
}
