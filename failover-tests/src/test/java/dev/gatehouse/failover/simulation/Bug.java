package dev.gatehouse.failover.simulation;

import dev.gatehouse.fleet.HealthScript;

/** A mistake that somebody could make; the simulation has to notice each. */
enum Bug {
  NONE("", ""),
  /** Everybody who asks may probe. */
  LEASE_DROPPED("(owner == '' or owner == token or lease <= now)", "true"),
  /** The caller's clock instead of Redis' own. */
  HOST_CLOCK(
      "local time = redis.call('TIME')",
      "local time = {math.floor(HOST_MILLIS / 1000), HOST_MILLIS % 1000 * 1000}"),
  /** A caller's bad request counts against the provider. */
  BAD_REQUESTS_COUNTED("", ""),
  /** A reply that was begun elsewhere is begun anew. */
  REBEGUN("", ""),
  /** News is published without the lane being kept: whoever missed it never learns. */
  INDEX_FORGOTTEN("redis.call(to == 'rests' and 'SADD' or 'SREM', index, lane)", ""),
  /** A probe that failed leaves the lane due. */
  FAILED_PROBE_FORGIVEN("change('rests', tonumber(ARGV[6]))\n    granted = 1", "granted = 1");

  private final String sound;
  private final String wrong;

  Bug(String sound, String wrong) {
    this.sound = sound;
    this.wrong = wrong;
  }

  /** The script with this mistake in it. */
  String script() {
    if (sound.isEmpty()) {
      return HealthScript.TEXT;
    }
    if (!HealthScript.TEXT.contains(sound)) {
      throw new IllegalStateException("the script has changed; plant " + this + " anew");
    }
    return HealthScript.TEXT.replace(sound, wrong);
  }
}
