package dev.gatehouse.core.registry;

import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an agent may act on. The words {@code dev}, {@code staging} and {@code prod} declare all
 * that is of that tier; any other word is a pattern of names.
 *
 * <p>A tool call acts on what its arguments name, where the server's config says where they do, and
 * on the server's environment where it does not; a context call on its URI or prompt. A model acts
 * on nothing: which ones may be asked is declared by name.
 */
public final class DeclaredTargets {

  private final List<String> declared;
  private final Set<TargetTier> tiers = EnumSet.noneOf(TargetTier.class);
  private final List<Glob> names;

  /** Those of an agent; none when the list is empty. */
  public DeclaredTargets(List<String> declared) {
    this.declared = declared.stream().sorted().toList();
    Arrays.stream(TargetTier.values())
        .filter(tier -> this.declared.contains(word(tier)))
        .forEach(tiers::add);
    this.names =
        this.declared.stream()
            .filter(one -> tiers.stream().noneMatch(tier -> word(tier).equals(one)))
            .map(Glob::new)
            .toList();
  }

  /** Whether all that the call acts on is declared. */
  public boolean declare(GovernedCall call) {
    return switch (call) {
      case ToolCall _, ContextCall _ ->
          tiers.contains(call.targetTier()) || nameAll(call.targets());
      case ModelCall _ -> true;
    };
  }

  private boolean nameAll(List<String> targets) {
    for (String target : targets) {
      if (!name(target)) {
        return false;
      }
    }
    return true;
  }

  private boolean name(String target) {
    for (Glob pattern : names) {
      if (pattern.matches(target)) {
        return true;
      }
    }
    return false;
  }

  private static String word(TargetTier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }

  /** The words and patterns, sorted. */
  public List<String> declared() {
    return declared;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeclaredTargets targets && targets.declared.equals(declared);
  }

  @Override
  public int hashCode() {
    return declared.hashCode();
  }

  @Override
  public String toString() {
    return declared.toString();
  }
}
