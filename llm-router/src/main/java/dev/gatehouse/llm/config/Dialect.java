package dev.gatehouse.llm.config;

import dev.gatehouse.llm.wire.Api;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a provider differs from others of its type.
 *
 * @param apis what it speaks; a client's request in another API is translated to one of these
 * @param apiVersion Azure only: the dated version, which puts the model into the path as a
 *     deployment; empty for the undated {@code /openai/v1}
 * @param region Bedrock only: the AWS region; empty to take it from the environment
 * @param aws Bedrock only: who signs; empty when there is an API key, or for whatever the machine
 *     is given (instance profile, web identity)
 */
public record Dialect(Set<Api> apis, String apiVersion, String region, Optional<AwsAccess> aws) {

  public Dialect {
    apis = apis.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(apis));
    if (!apiVersion.matches("[0-9A-Za-z.-]{0,40}")) {
      throw new IllegalArgumentException("an API version looks like 2024-10-21");
    }
    if (!region.matches("[a-z0-9-]{0,32}")) {
      throw new IllegalArgumentException("a region looks like eu-central-1");
    }
  }

  /** What nearly all of that type speak. */
  public static Dialect usual(ProviderType type) {
    return of(type.usualApis());
  }

  /** A provider that speaks these and has nothing special. */
  public static Dialect of(Set<Api> apis) {
    return new Dialect(apis, "", "", Optional.empty());
  }

  /** The same with other APIs. */
  public Dialect withApis(Set<Api> others) {
    return new Dialect(others, apiVersion, region, aws);
  }

  void check(String provider, ProviderType type) {
    if (apis.isEmpty() || !type.possibleApis().containsAll(apis)) {
      throw new IllegalArgumentException(
          "provider " + provider + " of this type speaks one or more of " + names(type));
    }
    if (!apiVersion.isEmpty() && type != ProviderType.AZURE) {
      throw new IllegalArgumentException("provider " + provider + " is no Azure: no api_version");
    }
    if ((!region.isEmpty() || aws.isPresent()) && type != ProviderType.BEDROCK) {
      throw new IllegalArgumentException(
          "provider " + provider + " is no Bedrock: no AWS settings");
    }
  }

  private static String names(ProviderType type) {
    return String.join(
        ", ",
        type.possibleApis().stream()
            .map(api -> api.name().toLowerCase(Locale.ROOT))
            .sorted()
            .toList());
  }
}
