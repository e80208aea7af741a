package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.policy.HandCarrier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A node that has grants, in a fleet in which nothing is carried but by hand. */
final class GrantPeer extends HandCarrier implements AutoCloseable {

  static final Map<String, Object> WANTED = wanting("tool", "tickets__close", "minutes", 5);

  /** The rule that asks where no grant is open. */
  static final String ASKED = "policy:ask";

  final GrantsScene scene;

  GrantPeer(Path directory, String name) {
    super(name);
    this.scene = new GrantsScene(directory.resolve(name));
    scene.governance.shareGrants(this);
  }

  void restart() {
    scene.restart();
    scene.governance.shareGrants(this);
  }

  Grant granted() {
    return scene.granted(TRIAGE, WANTED);
  }

  boolean revoke(Grant grant) {
    return join(scene.governance.grants().revoke(grant.id(), "done", "Bob"));
  }

  void status(AgentStatus status) {
    Agent before = scene.registered(TRIAGE);
    scene.agents.put(
        TRIAGE, new Agent(TRIAGE, before.owner(), before.labels(), status, "", before.manifest()));
  }

  String rule() {
    return scene.ruleOf(TRIAGE, CLOSE);
  }

  List<Map<String, Object>> opened() {
    return events("grant.opened");
  }

  List<Map<String, Object>> ended() {
    return events("grant.ended");
  }

  private List<Map<String, Object>> events(String event) {
    return scene.audit.rows("event").stream()
        .filter(row -> event.equals(row.get("event")))
        .toList();
  }

  @Override
  public void close() {
    scene.close();
  }
}
