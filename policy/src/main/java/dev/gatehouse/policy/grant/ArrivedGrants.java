package dev.gatehouse.policy.grant;

import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.SharedNotes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's side of the fleet's grants. What others opened counts when its row is durable, one
 * that cannot be recorded is tried again at each look; what others ended is over at once, and its
 * row follows.
 *
 * <p>An opening is told by the node that opened it and by no other: where the fleet's memory was
 * lost, what that node does not say again is not open. An end is told by everybody who knows it.
 */
final class ArrivedGrants implements SharedNotes {

  private static final Logger LOG = LoggerFactory.getLogger(ArrivedGrants.class);

  private final LiveGrants grants;
  private final GrantBook book;
  private final boolean accepts;
  private final Map<String, Owed> owed = new LinkedHashMap<>(); // on the carrier's thread

  /** An opening that is heard of and not on record yet. */
  private static final class Owed {
    private final Grant grant;
    private volatile boolean running;
    private volatile boolean done;

    private Owed(Grant grant) {
      this.grant = grant;
    }
  }

  /**
   * @param accepts whether what others open counts here
   */
  ArrivedGrants(LiveGrants grants, GrantBook book, boolean accepts) {
    this.grants = grants;
    this.book = book;
    this.accepts = accepts;
  }

  @Override
  public List<FleetNote> notes() {
    KeptGrants kept = book.kept();
    List<FleetNote> notes = new ArrayList<>();
    kept.open().forEach(grant -> notes.add(GrantNotes.opened(grant)));
    kept.ended().forEach(ended -> notes.add(GrantNotes.ended(ended)));
    return notes;
  }

  @Override
  public void begunAnew() {
    owed.clear();
    book.hearAnew();
  }

  @Override
  public void heard(List<FleetNote> notes) {
    for (FleetNote note : notes) {
      if (note.over()) {
        ended(note);
      } else if (accepts) {
        opened(note);
      }
    }
    owed.values().removeIf(one -> one.done);
    owed.values().stream().filter(one -> !one.running).forEach(this::enter);
  }

  private void ended(FleetNote note) {
    EndedGrant end = GrantNotes.end(note, grants.now());
    Optional<Grant> held = book.find(note.id());
    if (held.isPresent()) {
      grants.endedElsewhere(held.get(), end);
    } else {
      book.remember(end);
    }
    owed.remove(note.id());
  }

  private void opened(FleetNote note) {
    String id = note.id();
    if (book.isOwn(id) || book.hasEnded(id) || book.heardAgain(id) || owed.containsKey(id)) {
      return;
    }
    Optional<Grant> grant = GrantNotes.opening(note);
    if (grant.isEmpty()) {
      LOG.warn("grant {} of the fleet cannot be read by this version and opens nothing here", id);
    } else if (!book.hasRoomFor(grant.get()) || owed.size() >= ArrivedShelf.ARRIVED_MAX) {
      LOG.warn(
          "grant {} of node {} opens nothing here: {} grants of other nodes are held already",
          id,
          grant.get().origin().node(),
          ArrivedShelf.ARRIVED_MAX);
    } else if (grants.expiredEverywhere(grant.get())) {
      grants.forgetEverywhere(grant.get());
    } else {
      owed.put(id, new Owed(grant.get()));
    }
  }

  private void enter(Owed one) {
    one.running = true;
    grants
        .arrived(one.grant)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                LOG.error(
                    "grant {} of the fleet could not be recorded, and opens nothing here yet",
                    one.grant.id(),
                    failure);
              }
              one.done = failure == null;
              one.running = false;
            });
  }
}
