package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.GovernedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a manifest that bound a job only where they are declared; declared, they leave out
 * all that they do not name.
 *
 * @param targets what it may act on; empty when that is not declared
 * @param dataClasses classes of connectors and models that it may use; empty when they are not
 *     declared
 * @param hours when it works; always when this is empty
 * @param sequences in which order its calls come within a session
 */
public record JobBounds(
    Optional<DeclaredTargets> targets,
    Optional<Set<String>> dataClasses,
    List<WorkingHours> hours,
    List<Sequence> sequences) {

  /** Declares nothing, and so bounds nothing. */
  public static final JobBounds NONE = new JobBounds(Optional.empty(), Optional.empty(), List.of());

  /** Most sequences. */
  public static final int SEQUENCES_MAX = 32;

  /** Most sets of hours: one for each half day of a week. */
  public static final int HOURS_MAX = 14;

  public JobBounds {
    dataClasses = dataClasses.map(Set::copyOf);
    hours = List.copyOf(hours);
    sequences = List.copyOf(sequences);
    if (sequences.size() > SEQUENCES_MAX) {
      throw new IllegalArgumentException(
          "a manifest has at most " + SEQUENCES_MAX + " sequences, this has " + sequences.size());
    }
    if (hours.size() > HOURS_MAX) {
      throw new IllegalArgumentException(
          "a manifest has at most " + HOURS_MAX + " sets of hours, this has " + hours.size());
    }
  }

  /** Bounds without sequences. */
  public JobBounds(
      Optional<DeclaredTargets> targets,
      Optional<Set<String>> dataClasses,
      List<WorkingHours> hours) {
    this(targets, dataClasses, hours, List.of());
  }

  /** Whether all that the call acts on is declared. */
  public boolean declareTargetsOf(GovernedCall call) {
    return targets.isEmpty() || targets.get().declare(call);
  }

  /** Whether data of that class is declared. */
  public boolean declareData(String dataClass) {
    return dataClasses.isEmpty() || dataClasses.get().contains(dataClass);
  }

  /** Whether the agent works at that time. */
  public boolean holdAt(Instant at) {
    for (WorkingHours some : hours) {
      if (some.hold(at)) {
        return true;
      }
    }
    return hours.isEmpty();
  }

  /** How long it is until the agent works again; zero while it does, and when it never will. */
  public Duration worksIn(Instant at) {
    return hours.stream()
        .map(some -> some.beginIn(at))
        .flatMap(Optional::stream)
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** As JSON, what is not declared left out: one set of bounds has one tree. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new HashMap<>();
    targets.ifPresent(some -> tree.put("targets", some.declared()));
    dataClasses.ifPresent(some -> tree.put("data_classes", some.stream().sorted().toList()));
    if (!hours.isEmpty()) {
      tree.put("hours", hours.stream().map(WorkingHours::tree).toList());
    }
    if (!sequences.isEmpty()) {
      tree.put("sequences", sequences.stream().map(Sequence::tree).toList());
    }
    return tree;
  }
}
