package dev.gatehouse.llm.config;

import java.util.Set;

/**
 * What a provider may be shown.
 *
 * @param region where it computes, in the operator's words; empty when that is not known
 * @param dataClasses the classes of data that it may see; a route that names another, or any when
 *     this is empty, never goes there
 */
public record Exposure(String region, Set<String> dataClasses) {

  /** Nothing is known of it. */
  public static final Exposure UNSTATED = new Exposure("", Set.of());

  public Exposure {
    dataClasses = Set.copyOf(dataClasses);
  }
}
