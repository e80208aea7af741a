package dev.gatehouse.connectors.process;

import dev.gatehouse.connectors.house.House;
import dev.gatehouse.connectors.house.Scripted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A process that a test kills: it has a well-behaved child and a stubborn one. */
final class DoomedGateway {

  private DoomedGateway() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    Scripted good = new Scripted(folder, "s");
    Scripted stubborn = new Scripted(folder, "stubborn");
    try (House house =
        new House(good.config("s", "plain"), stubborn.config("stubborn", "stubborn"))) {
      house.awaitUp("s");
      house.awaitUp("stubborn");
      String mark = ChildMark.next(new Random(1)).text();
      Path ready = folder.resolve("ready.part");
      Files.writeString(ready, mark.substring(0, mark.lastIndexOf('/') + 1));
      Files.move(ready, folder.resolve("ready"));
      new CountDownLatch(1).await();
    }
  }
}
