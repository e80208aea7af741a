package dev.gatehouse.policy;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.fleet.SharedNotes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A node's side of a fleet in which nothing is carried but by hand. */
public class HandCarrier implements NoteCarrier {

  public final String name;

  /** How long ago the fleet is said to have answered. */
  public volatile Duration silence = Duration.ZERO;

  /** How often the fleet was to be told something at once. */
  public final AtomicInteger changes = new AtomicInteger();

  private final List<SharedNotes> sides = new CopyOnWriteArrayList<>();

  protected HandCarrier(String name) {
    this.name = name;
  }

  /** What the process that runs now shares. */
  public SharedNotes side() {
    return sides.getLast();
  }

  public List<FleetNote> notes() {
    return side().notes();
  }

  public void hears(List<FleetNote> notes) {
    side().heard(notes);
  }

  public void tells(HandCarrier other) {
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
  public void changed() {
    changes.incrementAndGet();
  }

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
}
