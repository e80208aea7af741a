package dev.gatehouse.registry;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.registry.OperatorAuthenticator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The operators of a running gateway and their keys, replaced as a whole. Thread-safe; reads are of
 * one immutable snapshot.
 */
public final class LiveOperators implements OperatorAuthenticator {

  /** Most operators of one gateway. */
  public static final int OPERATORS_MAX = 10_000;

  private final AtomicReference<Map<Digest, Operator>> byCredential;

  private LiveOperators(Map<Digest, Operator> byCredential) {
    this.byCredential = new AtomicReference<>(byCredential);
  }

  /**
   * Makes the operators of these entries.
   *
   * @throws IllegalArgumentException when two share a name or a credential, or there are too many
   */
  public static LiveOperators of(List<OperatorEntry> entries) {
    return new LiveOperators(index(entries));
  }

  /**
   * Puts these operators in place of all others, at once.
   *
   * @throws IllegalArgumentException like {@link #of}; the old ones then stay
   */
  public void replace(List<OperatorEntry> entries) {
    byCredential.set(index(entries));
  }

  @Override
  public Optional<Operator> authenticate(@Nullable String authorization) {
    return Credential.ofAuthorization(authorization)
        .map(key -> byCredential.get().get(AgentKeys.digest(key)));
  }

  private static Map<Digest, Operator> index(List<OperatorEntry> entries) {
    if (entries.size() > OPERATORS_MAX) {
      throw new IllegalArgumentException(
          "a gateway has at most " + OPERATORS_MAX + " operators, these are " + entries.size());
    }
    Map<Digest, Operator> index = HashMap.newHashMap(entries.size());
    Set<String> names = new HashSet<>();
    for (OperatorEntry entry : entries) {
      if (!names.add(entry.name())) {
        throw new IllegalArgumentException("two operators have the name " + entry.name());
      }
      for (Digest credential : entry.credentials()) {
        Operator other = index.put(credential, entry.operator());
        if (other != null) {
          throw new IllegalArgumentException(
              "operators "
                  + other.name()
                  + " and "
                  + entry.name()
                  + " share a credential; give each their own");
        }
      }
    }
    return Map.copyOf(index);
  }
}
