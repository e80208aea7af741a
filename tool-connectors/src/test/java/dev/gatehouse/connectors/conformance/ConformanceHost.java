package dev.gatehouse.connectors.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The clients of a whole run of the conformance suite in one warm process: starting a JVM for each
 * scenario takes far longer than playing it. Prints its port; a connection sends the scenario's
 * name, the suite's context and the server's URL, a line each, and gets the exit code and what went
 * wrong. Conformance's script {@code play} is the command that the suite is given.
 */
public final class ConformanceHost {

  /** The suite starts all scenarios at once; a small machine is slow with all of them. */
  private static final int PLAYS_MAX = 4;

  /** Scenarios that look at the clock have it to themselves. */
  private static final Set<String> TIMED = Set.of("sse-retry");

  private final Semaphore turns = new Semaphore(PLAYS_MAX, true);

  private ConformanceHost() {}

  /** Serves until it is killed. */
  public static void main(String[] arguments) throws IOException {
    ConformanceHost host = new ConformanceHost();
    try (ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress())) {
      System.out.println(server.getLocalPort());
      while (true) {
        Socket connection = server.accept();
        Thread.ofVirtual().start(() -> host.serve(connection));
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter out =
            new PrintWriter(connection.getOutputStream(), true, StandardCharsets.UTF_8)) {
      String scenario = line(in);
      String context = line(in);
      URI url = URI.create(line(in));
      int share = TIMED.contains(scenario) ? PLAYS_MAX : 1;
      turns.acquire(share);
      try {
        out.println(ConformanceClient.played(scenario, context, url) ? 0 : 1);
      } catch (Throwable e) { // a scenario that fails must say so, whatever it was
        out.println(1);
        e.printStackTrace(out);
      } finally {
        turns.release(share);
      }
    } catch (IOException e) {
      System.err.println("a scenario's launcher is gone: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(BufferedReader in) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("the launcher said too little");
    }
    return line;
  }
}
