package dev.gatehouse.policy.grant;

import static dev.gatehouse.policy.grant.GrantsScene.CLOSE;
import static dev.gatehouse.policy.grant.GrantsScene.TRIAGE;
import static dev.gatehouse.policy.grant.GrantsScene.join;
import static dev.gatehouse.policy.grant.GrantsScene.wanting;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.fleet.SharedNotes;
import dev.gatehouse.core.registry.Agent;
import dev.gatehouse.core.registry.AgentStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node with its side of the fleet, and nothing that carries by itself. */
final class GrantPeer implements NoteCarrier, AutoCloseable {

  static final Map<String, Object> WANTED = wanting("tool", "tickets__close", "minutes", 5);

  /** The rule that asks where no grant is open. */
  static final String ASKED = "policy:ask";

  final String name;
  final GrantsScene scene;
  volatile Duration silence = Duration.ZERO;
  private final List<SharedNotes> sides = new ArrayList<>();

  GrantPeer(Path directory, String name) {
    this.name = name;
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

  /** That of the process that runs now. */
  SharedNotes side() {
    return sides.getLast();
  }

  List<FleetNote> notes() {
    return side().notes();
  }

  void hears(List<FleetNote> notes) {
    side().heard(notes);
  }

  void tells(GrantPeer other) {
    other.hears(notes());
  }

  @Override
  public String node() {
    return name;
  }

  @Override
  public void carry(SharedNotes notes) {
    sides.add(notes);
  }

  @Override
  public void changed() {}

  @Override
  public CompletionStage<List<Confirmation>> confirmed(String id, Duration patience) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public boolean settled() {
    return true;
  }

  @Override
  public Duration silence() {
    return silence;
  }

  @Override
  public void close() {
    scene.close();
  }
}
