package dev.gatehouse.audit.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server on loopback that loses the answer to a commit: the server has committed, and
 * whoever asked finds the connection closed.
 */
final class CutConnection implements AutoCloseable {

  private static final String COMMITTED = "COMMIT\0";

  private final ServerSocket listener;
  private final int serverPort;
  private final AtomicInteger cutsLeft = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean silent;

  CutConnection(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** So many of the next commits' answers are lost. */
  void cutCommits(int count) {
    cutsLeft.set(count);
  }

  /** How many answers were lost. */
  int cuts() {
    return cuts.get();
  }

  /** Whether the server's answers are swallowed, with the connection left open. */
  void silence(boolean on) {
    silent = on;
  }

  private void accept() {
    try {
      while (true) {
        connect(listener.accept());
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      Thread.ofVirtual().start(() -> relay(client, server, false));
      Thread.ofVirtual().start(() -> relay(server, client, true));
    } catch (IOException e) {
      client.close(); // the server is away
    }
  }

  private void relay(Socket from, Socket to, boolean answers) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[64 << 10];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        boolean committed =
            new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(COMMITTED);
        if (answers && committed && cutsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          cuts.incrementAndGet();
          return;
        }
        if (!answers || !silent) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
    } catch (IOException e) {
      // One side has hung up, and the other is told by closing.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
