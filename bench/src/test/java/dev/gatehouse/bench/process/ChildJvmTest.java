package dev.gatehouse.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {

  @TempDir Path directory;

  /** Listens on the port of its first argument until its leash ends it. */
  static final class Listener {
    public static void main(String[] args) throws IOException, InterruptedException {
      Leash.fasten();
      try (ServerSocket _ =
          new ServerSocket(Integer.parseInt(args[0]), 1, InetAddress.getLoopbackAddress())) {
        Thread.currentThread().join();
      }
    }
  }

  /** Fails at once. */
  static final class Failing {
    public static void main(String[] args) {
      System.err.println("cannot " + args[0]);
      System.exit(3);
    }
  }

  @Test
  void childIsGoneOnceItsLeashIsClosed() throws Exception {
    int port = ChildJvm.freePort();
    ChildJvm child = start(Listener.class, port, Integer.toString(port));
    assertThat(child.usage().cpu()).isPositive();
    assertThat(child.usage().residentMb()).isPositive();
    child.close();
    assertThatThrownBy(child::usage).hasMessageContaining("is gone");
  }

  @Test
  void saysWhatAChildWroteThatDidNotStart() throws Exception {
    int port = ChildJvm.freePort();
    assertThatThrownBy(() -> start(Failing.class, port, "listen"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exited with 3")
        .hasMessageContaining("cannot listen");
  }

  private ChildJvm start(Class<?> main, int port, String argument) throws Exception {
    return ChildJvm.start("child", directory, List.of(), main, port, List.of(argument));
  }
}
