package dev.gatehouse.llm.config;

import java.time.Duration;

/**
 * Every bound of the LLM endpoints.
 *
 * @param requestBytesMax longest request body
 * @param requestTimeout how long a client may take to send it
 * @param responseBytesMax longest unstreamed reply, which is held whole before it is released
 * @param eventBytesMax longest single event of a stream
 * @param connectTimeout how long a connection to a provider may take
 * @param firstEventTimeout how long a provider may stay silent before a stream's first event
 * @param replyTimeout how long a provider may take for an unstreamed reply
 * @param idleTimeout longest silence inside a stream, of the provider or of the client
 * @param deadline the whole request, all attempts together
 * @param hopsMax how often a request may move on to another candidate
 * @param retriesMax how often a candidate is asked again after a single 500, a reset or a short
 *     Retry-After
 * @param retryDelay what lies before such a second try, give or take half of it
 * @param retryAfterMax the longest Retry-After that is waited for
 * @param concurrentMax requests in flight, over all event loops
 * @param connectionsMax connections to one provider from one event loop
 * @param connectionQueueMax requests that may wait for such a connection
 * @param recoverBytesMax so much of a stream is held back before the client sees any, so that an
 *     answer which breaks within it is begun anew elsewhere; 0 to hold nothing but the first event
 */
public record LlmLimits(
    int requestBytesMax,
    Duration requestTimeout,
    int responseBytesMax,
    int eventBytesMax,
    Duration connectTimeout,
    Duration firstEventTimeout,
    Duration replyTimeout,
    Duration idleTimeout,
    Duration deadline,
    int hopsMax,
    int retriesMax,
    Duration retryDelay,
    Duration retryAfterMax,
    int concurrentMax,
    int connectionsMax,
    int connectionQueueMax,
    int recoverBytesMax) {

  /** What a gateway for a department needs. */
  public static final LlmLimits DEFAULT =
      new LlmLimits(
          10 << 20,
          Duration.ofSeconds(30),
          16 << 20,
          4 << 20,
          Duration.ofSeconds(5),
          Duration.ofSeconds(12),
          Duration.ofSeconds(120),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          4,
          1,
          Duration.ofMillis(100),
          Duration.ofSeconds(3),
          4_096,
          1_024,
          1_024,
          0);

  public LlmLimits {
    check("requestBytesMax", requestBytesMax, 1_024, 1 << 30);
    check("responseBytesMax", responseBytesMax, 1_024, 1 << 30);
    check("eventBytesMax", eventBytesMax, 1_024, 1 << 28);
    check("hopsMax", hopsMax, 0, 15);
    check("retriesMax", retriesMax, 0, 5);
    check("concurrentMax", concurrentMax, 1, 1 << 20);
    check("connectionsMax", connectionsMax, 1, 1 << 16);
    check("connectionQueueMax", connectionQueueMax, 0, 1 << 20);
    check("recoverBytesMax", recoverBytesMax, 0, 1 << 24);
    check("requestTimeout", requestTimeout);
    check("connectTimeout", connectTimeout);
    check("firstEventTimeout", firstEventTimeout);
    check("replyTimeout", replyTimeout);
    check("idleTimeout", idleTimeout);
    check("deadline", deadline);
    if (retryDelay.isNegative() || retryDelay.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException("retryDelay lies in PT0S..PT10S, this is " + retryDelay);
    }
    if (retryAfterMax.isNegative() || retryAfterMax.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "retryAfterMax lies in PT0S..PT1M, this is " + retryAfterMax);
    }
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " lies in " + least + ".." + most + ", this is " + value);
    }
  }

  private static void check(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + " lies in PT0.001S..PT24H, this is " + value);
    }
  }
}
