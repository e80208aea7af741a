package dev.gatehouse.policy.publish;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.SharedNotes;
import dev.gatehouse.policy.publish.PolicyNotes.Told;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's side of what its fleet has in force: the latest order that is heard is taken over,
 * and tried again where it does not fit or cannot be recorded. On the carrier's thread, but for
 * what says so.
 */
final class ArrivedPolicies implements SharedNotes {

  /** How long after a try that failed the next one is. */
  static final Duration TRY_EVERY = Duration.ofSeconds(10);

  /** Orders that are told to be superseded, the last ones. */
  private static final int SUPERSEDED_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ArrivedPolicies.class);

  private final Enactment enactment;
  private final Takeover takeover;
  private final InstantSource clock;
  private final Set<String> superseded = new LinkedHashSet<>();
  private final Set<String> unreadable = new LinkedHashSet<>();
  private Instant nextTry = Instant.MIN;
  private final AtomicReference<@Nullable Told> owed = new AtomicReference<>();
  private volatile boolean running;
  private volatile boolean failed;
  private volatile boolean joined;
  private volatile boolean understood = true;

  ArrivedPolicies(Enactment enactment, Takeover takeover, InstantSource clock) {
    this.enactment = enactment;
    this.takeover = takeover;
    this.clock = clock;
  }

  /**
   * Whether what the fleet has in force is so here, as far as was heard, or is just being taken
   * over by a process that was up to date; from any thread.
   */
  boolean agrees() {
    return understood && (owed.get() == null || (joined && !failed));
  }

  /** The turn of what is to be in force here; 0 when nothing is. From any thread. */
  long turn() {
    Told told = owed.get();
    return told == null ? 0 : told.order().turn();
  }

  @Override
  public List<FleetNote> notes() {
    List<FleetNote> notes = new ArrayList<>();
    enactment.told().ifPresent(told -> notes.add(PolicyNotes.of(told)));
    superseded.forEach(id -> notes.add(PolicyNotes.superseded(id)));
    return notes;
  }

  @Override
  public void heard(List<FleetNote> notes) {
    for (FleetNote note : notes) {
      if (!note.over()) {
        heard(note);
      } else if (unreadable.remove(note.id())) {
        understood = unreadable.isEmpty();
      }
    }
    Told told = owed.get();
    if (told == null) {
      joined = true;
    } else if (!running && !clock.instant().isBefore(nextTry)) {
      take(told);
    }
  }

  private void heard(FleetNote note) {
    Optional<InForce> here = enactment.order();
    Optional<InForce> latest =
        Optional.ofNullable(owed.get())
            .map(Told::order)
            .filter(order -> order.isLaterThan(here))
            .or(() -> here);
    if (latest.filter(order -> order.id().equals(note.id())).isPresent()) {
      return;
    }
    Optional<Told> told = PolicyNotes.read(note);
    if (told.isEmpty()) {
      unreadable.add(note.id());
      understood = false;
      LOG.error("policies of the fleet cannot be read by this version and are not in force here");
    } else if (told.get().order().isLaterThan(latest)) {
      latest.ifPresent(order -> supersede(order.id()));
      owed.set(told.get());
      failed = false;
      nextTry = Instant.MIN;
    } else {
      supersede(note.id());
    }
  }

  private void supersede(String id) {
    superseded.add(id);
    if (superseded.size() > SUPERSEDED_MAX) {
      superseded.remove(superseded.iterator().next());
    }
  }

  private void take(Told told) {
    running = true;
    nextTry = clock.instant().plus(TRY_EVERY);
    takeover
        .of(told)
        .whenComplete(
            (taken, failure) -> {
              if (failure != null) {
                LOG.error("policies of the fleet could not be put in force here", failure);
              }
              if (failure == null && taken) {
                owed.compareAndSet(told, null);
                joined = true;
              } else {
                failed = told.equals(owed.get());
              }
              running = false;
            });
  }
}
