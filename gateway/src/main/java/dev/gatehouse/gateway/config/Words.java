package dev.gatehouse.gateway.config;

import dev.gatehouse.connectors.config.UpstreamEra;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.TargetTier;
import java.util.Locale;

/** The config's words for constants. */
final class Words {

  private Words() {}

  static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  static OperationType operation(String word) {
    return constant(OperationType.class, word);
  }

  static UpstreamEra era(String word) {
    return constant(UpstreamEra.class, word);
  }

  static TargetTier tier(String word) {
    return constant(TargetTier.class, word);
  }
}
