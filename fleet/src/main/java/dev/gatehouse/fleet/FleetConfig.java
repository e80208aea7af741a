package dev.gatehouse.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the fleet meets, and how patient a process is with it.
 *
 * @param redis {@code redis://host:port/database}, or {@code rediss://} for TLS
 * @param username of Redis' access lists; empty for its default user
 * @param password hidden in the text form of this record; empty for none
 * @param secret what all processes of the fleet seal their orders with
 * @param secretBefore another one whose seal is taken too while the secret is changed
 * @param namespace what the keys and the channel begin with; fleets that share a Redis differ here
 * @param connectTimeout how long a connection may take
 * @param commandTimeout how long an answer may take; a call that offers itself as a probe waits at
 *     most so long, nothing else waits at all
 * @param syncEvery how often everything is read anew, whatever news came
 * @param countEvery how often sums are told and heard: what another process used up is known here
 *     after at most twice that, and two answers' time
 * @param retryMax how long at most lies between two tries to find Redis again
 * @param lease how long a probe of a process that died keeps others from probing
 * @param queueMax reports that may wait for being sent; further ones are dropped and counted
 */
public record FleetConfig(
    URI redis,
    Optional<String> username,
    Optional<String> password,
    FleetSecret secret,
    Optional<FleetSecret> secretBefore,
    String namespace,
    Duration connectTimeout,
    Duration commandTimeout,
    Duration syncEvery,
    Duration countEvery,
    Duration retryMax,
    Duration lease,
    int queueMax) {

  private static final Duration LEAST = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofMinutes(5);

  public FleetConfig {
    String scheme = String.valueOf(redis.getScheme());
    if (!(scheme.equals("redis") || scheme.equals("rediss")) || redis.getHost() == null) {
      throw new IllegalArgumentException(
          "the fleet's Redis is named by redis://host:port or rediss://host:port");
    }
    if (redis.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "user and password of the fleet's Redis stand in keys of their own, not in its URL");
    }
    if (password.filter(text -> secret.is(text) || known(secretBefore, text)).isPresent()) {
      throw new IllegalArgumentException(
          "fleet.secret is the password of the fleet's Redis; it must be one that Redis does not"
              + " know (and so must fleet.secret_before), make one with: openssl rand -base64 32");
    }
    if (!namespace.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException(
          "the fleet's namespace has 1 to 64 characters of a-z A-Z 0-9 . _ -");
    }
    check("connect_timeout", connectTimeout);
    check("command_timeout", commandTimeout);
    check("sync_every", syncEvery);
    check("count_every", countEvery);
    check("retry_max", retryMax);
    check("lease", lease);
    if (queueMax < 1 || queueMax > 1 << 20) {
      throw new IllegalArgumentException("the fleet's queue_max lies in 1..1048576");
    }
  }

  private static boolean known(Optional<FleetSecret> secret, String password) {
    return secret.filter(one -> one.is(password)).isPresent();
  }

  private static void check(String name, Duration value) {
    if (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "the fleet's " + name + " lies in " + LEAST + ".." + MOST + ", this is " + value);
    }
  }

  /** A Redis without user and password, with the default patience. */
  public static FleetConfig of(URI redis, FleetSecret secret) {
    return new FleetConfig(
        redis,
        Optional.empty(),
        Optional.empty(),
        secret,
        Optional.empty(),
        "gatehouse",
        Duration.ofSeconds(2),
        Duration.ofMillis(250),
        Duration.ofSeconds(5),
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        1_024);
  }

  @Override
  public String toString() {
    return "FleetConfig[" + redis + ", namespace " + namespace + "]";
  }
}
