package dev.gatehouse.failover;

import dev.gatehouse.registry.AgentKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whole gateways over a real Redis, one agent at all of them, and an upstream that it changes. */
final class GovernedFleet implements AutoCloseable {

  /** A policy under which the agent may not look any more. */
  static final String NO_LOOKING =
      """
      policy "no-looking":
        when: up.look
        then: deny(severity="high")
      """;

  /** The members, in the order in which they began. */
  final List<GovernedNode> nodes = new ArrayList<>();

  final RedisProcess redis;

  /** A way to Redis that can be cut. */
  final Cable cable;

  private final Path directory;
  private final String manifest;
  private final AgentKeys.GeneratedKey key = AgentKeys.generate();
  private final FakeUpstreams upstreams;
  private final List<GovernedNode> strangers = new ArrayList<>();

  GovernedFleet(Path directory) throws IOException {
    this(directory, "");
  }

  /** The same whose agent declares that beside its tools. */
  GovernedFleet(Path directory, String manifest) throws IOException {
    this.directory = directory;
    this.manifest = manifest;
    upstreams = new FakeUpstreams();
    redis = new RedisProcess(directory);
    cable = new Cable(redis::port);
  }

  /** Three members, the third over the cable. */
  static GovernedFleet ofThree(Path directory) throws IOException {
    GovernedFleet fleet = new GovernedFleet(directory);
    fleet.member("one", fleet.redis.port());
    fleet.member("two", fleet.redis.port());
    fleet.member("three", fleet.cable.port());
    return fleet;
  }

  /** Another member, which reaches Redis there. */
  GovernedNode member(String name, int redisPort) throws IOException {
    GovernedNode node = started(name, redisPort, Fleet.SECRET_TEXT);
    nodes.add(node);
    return node;
  }

  /** One that is like the members but for the fleet's secret. */
  GovernedNode stranger(String secret) throws IOException {
    GovernedNode node = started("stranger", redis.port(), secret);
    strangers.add(node);
    return node;
  }

  private GovernedNode started(String name, int redisPort, String secret) throws IOException {
    GovernedNode node =
        new GovernedNode(directory, name, upstreams.url("/mcp"), redisPort, key, secret, manifest);
    node.untilMode("connected");
    return node;
  }

  @Override
  public void close() throws IOException {
    cable.mend();
    nodes.forEach(GovernedNode::close);
    strangers.forEach(GovernedNode::close);
    cable.close();
    redis.close();
    upstreams.close();
  }
}
