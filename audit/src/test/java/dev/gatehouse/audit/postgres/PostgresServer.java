package dev.gatehouse.audit.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL on loopback, of the programs that are installed here; run by root, it runs as
 * the user {@code postgres}, since it refuses to run as root.
 */
final class PostgresServer {

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

  static PostgresServer start() throws IOException, InterruptedException {
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

  int port() {
    return port;
  }

  /** Ends all connections at once and starts no more of them until {@link #resume}. */
  void halt() throws IOException, InterruptedException {
    run("pg_ctl", "-D", directory.resolve("data").toString(), "-m", "immediate", "-w", "stop");
  }

  void resume() throws IOException, InterruptedException {
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

  /** A new database with the table, and roles of its own; its name. */
  String database() throws SQLException, IOException {
    String name = "g" + UUID.randomUUID().toString().replace("-", "");
    execute("postgres", "CREATE DATABASE " + name);
    try (var schema = PostgresShipper.class.getResourceAsStream("schema.sql")) {
      String sql = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      // Roles belong to the server, not to the database.
      String without =
          Optional.of(query(name, "SELECT count(*) FROM pg_roles WHERE rolname ~ '^gatehouse_'"))
                  .filter(count -> count.equals(List.of("0")))
                  .isPresent()
              ? sql
              : sql.replaceAll("CREATE ROLE [^;]*;", "");
      execute(name, without);
    }
    execute(name, "CREATE ROLE " + name + " LOGIN IN ROLE gatehouse_audit_writer");
    return name;
  }

  /** The place of that database, with the role that may insert only. */
  PostgresPlace place(String database, int atPort) {
    return PostgresPlace.of(
        URI.create("postgresql://127.0.0.1:" + atPort + "/" + database),
        database,
        Optional.empty());
  }

  private Connection owner(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, OWNER, "");
  }

  void execute(String database, String sql) throws SQLException {
    try (Connection connection = owner(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of what the owner sees. */
  List<String> query(String database, String sql) throws SQLException {
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
  void remove() throws IOException, InterruptedException {
    halt();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
