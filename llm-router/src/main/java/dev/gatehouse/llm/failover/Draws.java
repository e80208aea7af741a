package dev.gatehouse.llm.failover;

import java.util.OptionalLong;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The chance in one call: all draws follow from a seed, which its row keeps. A call that draws
 * nothing has none. Not thread-safe.
 */
public final class Draws implements RandomGenerator {

  private static final int SEED_BITS = 48;

  private final RandomGenerator source;
  private long seed = -1;
  private @Nullable Random random;

  /**
   * @param source where the seed comes from, once it is wanted
   */
  public Draws(RandomGenerator source) {
    this.source = source;
  }

  /** The draws that had this seed. */
  public static Draws again(long seed) {
    Draws draws = new Draws(new Random(0));
    draws.seed = seed;
    draws.random = new Random(seed);
    return draws;
  }

  @Override
  public long nextLong() {
    if (random == null) {
      seed = source.nextLong(1L << SEED_BITS);
      random = new Random(seed);
    }
    return random.nextLong();
  }

  /** 0 to 2^48 − 1; empty when nothing was drawn. */
  public OptionalLong seed() {
    return seed < 0 ? OptionalLong.empty() : OptionalLong.of(seed);
  }
}
