package dev.gatehouse.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL on loopback, of the programs that are installed here; run by root, it runs as
 * the user {@code postgres}, since it refuses to run as root. The tests that use it bring the
 * driver.
 */
public final class PostgresServer {

  private static final String OWNER = "postgres";
  private static final long START_MAX_SECONDS = 60;

  private final Path programs;
  private final Path directory;
  private final int port;

  private PostgresServer(Path programs, Path directory, int port) {
    this.programs = programs;
    this.directory = directory;
    this.port = port;
  }

  /** Starts one, which is ready when this returns. */
  public static PostgresServer start() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("gatehouse-postgres");
    if (root()) {
      UserPrincipal owner =
          directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OWNER);
      Files.setOwner(directory, owner);
    }
    PostgresServer server = new PostgresServer(programs(), directory, freePort());
    Path data = directory.resolve("data");
    server.run("initdb", "-D", data.toString(), "-U", OWNER, "-A", "trust", "-E", "UTF8", "-N");
    server.run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-l",
        directory.resolve("log").toString(),
        "-w",
        "-o",
        "-p %d -c listen_addresses=127.0.0.1 -c fsync=off -k %s".formatted(server.port, directory),
        "start");
    return server;
  }

  private static Path programs() {
    Stream<Path> path =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1)).map(Path::of);
    return Stream.concat(path, debian())
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "there is no PostgreSQL server here, which these tests need; install it, on"
                        + " Debian with: apt-get install postgresql; elsewhere put the folder with"
                        + " initdb on the PATH"));
  }

  private static Stream<Path> debian() {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin"))
          .sorted(Comparator.reverseOrder())
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (root()) {
      command.addAll(List.of("runuser", "-u", OWNER, "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile("gatehouse-postgres", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      boolean ended = process.waitFor(START_MAX_SECONDS, TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(command + ": " + Files.readString(said));
      }
    } finally {
      Files.delete(said);
    }
  }

  /** Where it listens on loopback. */
  public int port() {
    return port;
  }

  /** Ends all connections at once and starts no more of them until {@link #resume}. */
  public void halt() throws IOException, InterruptedException {
    run("pg_ctl", "-D", directory.resolve("data").toString(), "-m", "immediate", "-w", "stop");
  }

  /** Starts it again after {@link #halt}. */
  public void resume() throws IOException, InterruptedException {
    run(
        "pg_ctl",
        "-D",
        directory.resolve("data").toString(),
        "-l",
        directory.resolve("log").toString(),
        "-w",
        "-o",
        "-p %d -c listen_addresses=127.0.0.1 -c fsync=off -k %s".formatted(port, directory),
        "start");
  }

  /** A new database and a role of the same name, to which it belongs. */
  public String database() throws SQLException {
    String name = newName();
    execute(OWNER, "CREATE ROLE " + name + " LOGIN");
    execute(OWNER, "CREATE DATABASE " + name + " OWNER " + name);
    return name;
  }

  /** A name that no database or role has. */
  public static String newName() {
    return "g" + UUID.randomUUID().toString().replace("-", "");
  }

  private Connection owner(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, OWNER, "");
  }

  /** Does that as the server's owner. */
  public void execute(String database, String sql) throws SQLException {
    try (Connection connection = owner(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of what the owner sees. */
  public List<String> query(String database, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = owner(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  /** Ends it and removes what it kept. */
  public void remove() throws IOException, InterruptedException {
    halt();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
