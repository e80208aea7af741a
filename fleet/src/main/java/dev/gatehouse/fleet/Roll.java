package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.NoteCarrier.Confirmation;
import dev.gatehouse.fleet.NotesAnswer.Member;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Who of the fleet has confirmed one order so far; on the loop only. */
final class Roll {

  /** How often it is asked. */
  static final Duration EVERY = Duration.ofMillis(20);

  final String id;
  final CompletableFuture<List<Confirmation>> done = new CompletableFuture<>();

  private final long fromNanos;
  private final Duration patience;
  private final Map<String, Confirmation> confirmations = new LinkedHashMap<>();

  Roll(String id, long fromNanos, Duration patience) {
    this.id = id;
    this.fromNanos = fromNanos;
    this.patience = patience;
  }

  boolean isOver(long nanos) {
    return nanos - fromNanos >= patience.toNanos();
  }

  /** Takes what they say they know; whether all but the asking one know this version. */
  boolean isComplete(List<Member> members, String asking, long version, long nanos) {
    for (Member member : members) {
      if (!member.process().equals(asking)) {
        boolean knows = member.version() >= version;
        Optional<Duration> took =
            knows ? Optional.of(Duration.ofNanos(nanos - fromNanos)) : Optional.empty();
        confirmations.merge(
            member.process(),
            new Confirmation(member.name(), took),
            (before, now) -> before.took().isPresent() ? before : now);
      }
    }
    return confirmations.values().stream().allMatch(one -> one.took().isPresent());
  }

  void end() {
    done.complete(List.copyOf(confirmations.values()));
  }
}
