package dev.gatehouse.failover;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Somebody who may write to the fleet's Redis, knows how it is used, and not the secret. */
final class Forger {

  /** In one step, lest somebody look between the new version and the note that has it. */
  private static final String WRITE =
      """
      local version = redis.call('HINCRBY', KEYS[1], 'version', 1)
      redis.call('ZREM', KEYS[2], ARGV[1])
      redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
      redis.call('ZADD', KEYS[4], version, ARGV[1])
      return version
      """;

  private final RedisProcess redis;
  private final String kind;

  /**
   * @param kind of notes: stops, grants, policies
   */
  Forger(RedisProcess redis, String kind) {
    this.redis = redis;
    this.kind = kind;
  }

  /** All ids there. */
  List<String> ids() throws IOException {
    return run("HKEYS", key("notes"));
  }

  /** What stands there under that id, with its seal. */
  String said(String id) throws IOException {
    return run("HGET", key("notes"), id).getFirst();
  }

  /** Writes that where all look for news, and undoes that the fleet remembers an end of it. */
  void write(String id, String said) throws IOException {
    run("EVAL", WRITE, "4", key("meta"), key("lifted"), key("notes"), key("log"), id, said);
  }

  /** Two forms of the same without a true seal. */
  static List<String> unsealed(boolean over, String text) {
    String first = over ? "l" : "s";
    return List.of(first + text, first + "A".repeat(43) + "one\n" + text);
  }

  /** What a note says, without its seal. */
  static String text(String said) {
    return said.substring(said.indexOf('\n') + 1);
  }

  /** All processes that are there have heard all that stands there, and said so. */
  void untilHeard(int processes) {
    Fleet.until(
        processes + " have heard",
        () -> {
          long version = Long.parseLong(run("HGET", key("meta"), "version").getFirst());
          List<String> known = run("HVALS", key("known"));
          return known.size() >= processes
              && known.stream()
                  .allMatch(one -> Long.parseLong(one.substring(0, one.indexOf(' '))) >= version);
        });
  }

  private String key(String name) {
    return "{gatehouse}:" + kind + ":" + name;
  }

  private List<String> run(String... words) throws IOException {
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    command.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      command.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      command.writeBytes(bytes);
      command.writeBytes(new byte[] {'\r', '\n'});
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(command.toByteArray());
      InputStream in = new BufferedInputStream(socket.getInputStream());
      List<String> answers = new ArrayList<>();
      read(in, answers);
      return answers;
    }
  }

  private static void read(InputStream in, List<String> to) throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '*' -> {
        for (int i = Integer.parseInt(rest); i > 0; i--) {
          read(in, to);
        }
      }
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length >= 0) {
          to.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
          in.skipNBytes(2);
        }
      }
      case ':', '+' -> to.add(rest);
      default -> throw new IOException(line);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\r'; next = in.read()) {
      if (next < 0) {
        throw new IOException("Redis hung up");
      }
      line.write(next);
    }
    in.skipNBytes(1);
    return line.toString(StandardCharsets.US_ASCII);
  }
}
