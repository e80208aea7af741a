package dev.gatehouse.core.decision;

import dev.gatehouse.core.registry.Glob;
import java.util.HashSet;
import java.util.Set;

/**
 * What was called in a session before, as far as the sequences of the agent's manifest ask: their
 * patterns, and so no more than those.
 *
 * @param begun of which a call was let through
 * @param completed of which a call was carried out without an error
 */
public record SessionPast(Set<Glob> begun, Set<Glob> completed) {

  /** Nothing that a sequence asks for. */
  public static final SessionPast NONE = new SessionPast(Set.of(), Set.of());

  public SessionPast {
    begun = Set.copyOf(begun);
    completed = Set.copyOf(completed);
  }

  /** The past with those begun, too. */
  public SessionPast withBegun(Set<Glob> more) {
    return begun.containsAll(more) ? this : new SessionPast(both(begun, more), completed);
  }

  /** The past with those completed, too. */
  public SessionPast withCompleted(Set<Glob> more) {
    return completed.containsAll(more) ? this : new SessionPast(begun, both(completed, more));
  }

  /** The past without what is not among these. */
  public SessionPast only(Set<Glob> asked) {
    return asked.containsAll(begun) && asked.containsAll(completed)
        ? this
        : new SessionPast(common(begun, asked), common(completed, asked));
  }

  private static Set<Glob> both(Set<Glob> one, Set<Glob> other) {
    Set<Glob> all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  private static Set<Glob> common(Set<Glob> one, Set<Glob> other) {
    Set<Glob> all = new HashSet<>(one);
    all.retainAll(other);
    return all;
  }
}
