package dev.gatehouse.llm.config;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.wire.ProviderTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Who serves a model name, in the order of trying.
 *
 * @param model the name or pattern that clients ask for; an exact name wins over patterns, an
 *     earlier pattern over a later one
 * @param tier the tier that rows show, such as {@code frontier}; may be empty
 * @param targetTier how sensitive a call of this model is
 * @param targets at least one, at most 16
 * @param use which endpoints may ask for it
 * @param limits which of the targets may be asked at all
 * @param providerTools the tools that providers may run themselves for these calls, past the Gate,
 *     such as {@code web_search}; at most 32
 */
public record ModelRoute(
    Glob model,
    String tier,
    TargetTier targetTier,
    List<RouteTarget> targets,
    ModelUse use,
    ExposureLimits limits,
    Set<String> providerTools) {

  /** Longest name of a model, here and in requests. */
  public static final int NAME_MAX = 256;

  private static final int TARGETS_MAX = 16;
  private static final int PROVIDER_TOOLS_MAX = 32;

  public ModelRoute {
    targets = List.copyOf(targets);
    if (targets.isEmpty() || targets.size() > TARGETS_MAX) {
      throw new IllegalArgumentException(
          "route " + model + " has 1 to " + TARGETS_MAX + " targets, this has " + targets.size());
    }
    providerTools = Set.copyOf(providerTools);
    if (providerTools.size() > PROVIDER_TOOLS_MAX) {
      throw new IllegalArgumentException(
          "route "
              + model
              + " allows at most "
              + PROVIDER_TOOLS_MAX
              + " provider tools, this has "
              + providerTools.size());
    }
    for (String tool : providerTools) {
      if (!ProviderTool.isName(tool)) {
        throw new IllegalArgumentException(
            "a provider tool is named in lower case and without its version, as in web_search,"
                + " not '"
                + tool
                + "'");
      }
    }
  }

  /** A route on which providers run no tools. */
  public ModelRoute(
      Glob model,
      String tier,
      TargetTier targetTier,
      List<RouteTarget> targets,
      ModelUse use,
      ExposureLimits limits) {
    this(model, tier, targetTier, targets, use, limits, Set.of());
  }

  /** A model that answers, and whose calls may go to each of its targets. */
  public ModelRoute(Glob model, String tier, TargetTier targetTier, List<RouteTarget> targets) {
    this(model, tier, targetTier, targets, ModelUse.CHAT, ExposureLimits.NONE);
  }

  /** A route whose calls may go to each of its targets. */
  public ModelRoute(
      Glob model, String tier, TargetTier targetTier, List<RouteTarget> targets, ModelUse use) {
    this(model, tier, targetTier, targets, use, ExposureLimits.NONE);
  }

  /** Whether any target has a weight. */
  public boolean isWeighted() {
    return targets.stream().anyMatch(target -> target.weight() > 0);
  }

  /** The same with the targets of these providers first, in that order. */
  public ModelRoute withFirst(List<String> providers) {
    List<RouteTarget> order = new ArrayList<>();
    for (String provider : providers) {
      targets.stream().filter(target -> target.provider().equals(provider)).forEach(order::add);
    }
    targets.stream().filter(target -> !providers.contains(target.provider())).forEach(order::add);
    return new ModelRoute(model, tier, targetTier, order, use, limits, providerTools);
  }

  /** The same with these tools for providers to run. */
  public ModelRoute withProviderTools(Set<String> tools) {
    return new ModelRoute(model, tier, targetTier, targets, use, limits, tools);
  }

  /** The providers in the order of trying. */
  public List<String> providers() {
    return targets.stream().map(RouteTarget::provider).toList();
  }

  /** Whether it stands for many names. */
  public boolean isPattern() {
    return model.pattern().indexOf('*') >= 0;
  }
}
