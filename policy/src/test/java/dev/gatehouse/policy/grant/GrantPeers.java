package dev.gatehouse.policy.grant;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of a fleet, for each test anew. */
abstract class GrantPeers {

  @TempDir Path directory;
  GrantPeer one;
  GrantPeer two;

  @BeforeEach
  void start() {
    one = new GrantPeer(directory, "one");
    two = new GrantPeer(directory, "two");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }
}
