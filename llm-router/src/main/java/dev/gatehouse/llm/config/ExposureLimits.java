package dev.gatehouse.llm.config;

import java.util.Optional;
import java.util.Set;

/**
 * How far a route's calls may travel: on the first try, on every retry and on every hop.
 *
 * @param dataClass what the calls carry; empty when that is not limited
 * @param regions where they may be computed; empty for anywhere
 */
public record ExposureLimits(String dataClass, Set<String> regions) {

  /** Anywhere. */
  public static final ExposureLimits NONE = new ExposureLimits("", Set.of());

  public ExposureLimits {
    regions = Set.copyOf(regions);
  }

  /** Why that provider may not be asked, as rows say it; empty when it may. */
  public Optional<String> bar(Exposure provider) {
    if (!regions.isEmpty() && !regions.contains(provider.region())) {
      return Optional.of("region_not_allowed");
    }
    if (!dataClass.isEmpty() && !provider.dataClasses().contains(dataClass)) {
      return Optional.of("data_class_not_allowed");
    }
    return Optional.empty();
  }
}
