package dev.gatehouse.failover;

import dev.gatehouse.gateway.Gatehouse;
import dev.gatehouse.gateway.config.ConfigLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A gateway on a machine whose clock is wrong: {@code SkewedGateway CONFIG PT5M}. */
final class SkewedGateway {

  private SkewedGateway() {}

  public static void main(String[] arguments) throws Exception {
    Gatehouse gatehouse =
        Gatehouse.start(
            ConfigLoader.load(Path.of(arguments[0]), Map.of()),
            Clock.offset(Clock.systemUTC(), Duration.parse(arguments[1])));
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  gatehouse.close();
                  ended.countDown();
                }));
    ended.await();
  }
}
