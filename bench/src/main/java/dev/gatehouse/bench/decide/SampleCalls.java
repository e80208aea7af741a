package dev.gatehouse.bench.decide;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.call.GovernedCall;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.call.ToolCall;
import dev.gatehouse.core.call.TraceContext;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.tool.TargetPaths;
import dev.gatehouse.core.tool.ToolDescriptor;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Ordinary calls of all agents in two sessions each: three quarters read or write with tools, a
 * quarter asks models. Under the default tables all are allowed, however long their sessions get.
 */
final class SampleCalls {

  private static final int SEED = 4_711;
  private static final TargetPaths ID = new TargetPaths(List.of("$.id"));

  private SampleCalls() {}

  static List<GovernedCall> create(Size size) {
    SplittableRandom random = new SplittableRandom(SEED);
    Deadline deadline = Deadline.after(Duration.ofMinutes(1), Clock.systemUTC());
    return IntStream.range(0, size.calls()).mapToObj(i -> call(size, i, random, deadline)).toList();
  }

  static AgentId agent(int number) {
    return new AgentId("agent-" + number);
  }

  static String connector(int number) {
    return "system" + number;
  }

  private static GovernedCall call(
      Size size, int number, SplittableRandom random, Deadline deadline) {
    CallId id = CallId.next(Clock.systemUTC(), random);
    Principal principal = new Principal(agent(number % size.agents()), "0123456789ab");
    String session = "session-" + number % (2 * size.agents());
    Digest digest = Digest.ofJson(number);
    if (number % 4 == 3) {
      return new ModelCall(
          id,
          principal,
          session,
          "chat",
          "model-" + number % 8,
          "frontier",
          false,
          2_048,
          TargetTier.PROD,
          new AuditBody(AuditBody.Kind.REQUEST, digest, () -> new byte[0]),
          deadline,
          "",
          List.of(),
          "");
    }
    return new ToolCall(
        id,
        principal,
        session,
        tool(size, number),
        Map.of("id", number),
        digest,
        deadline,
        TraceContext.NONE);
  }

  private static ToolDescriptor tool(Size size, int number) {
    String connector = connector(number % size.connectors());
    boolean write = number % 4 == 2;
    String operation = (write ? "update_ticket" : "read_ticket") + number % 32;
    return new ToolDescriptor(
        connector + "__" + operation,
        connector,
        operation,
        Map.of("name", connector + "__" + operation),
        write ? OperationType.WRITE : OperationType.READ,
        "config",
        "internal",
        write ? "test" : "production",
        write ? TargetTier.DEV : TargetTier.PROD,
        false,
        size.bounded() ? ID : TargetPaths.NONE);
  }
}
