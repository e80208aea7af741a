package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.FleetSums;
import dev.gatehouse.core.fleet.SharedSums;
import dev.gatehouse.core.fleet.SharedSums.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The fleet's sums through Redis: every so often, while the fleet answers, this process tells what
 * was added and hears what changed. An exchange whose answer is lost is made again, and counted
 * once.
 *
 * <p>All of its state lives on the {@link FleetLoop}.
 */
final class RedisSums implements FleetSums {

  /** Sums that are told or heard in one exchange; what is more follows at once in the next. */
  private static final int PAGE = 256;

  private final String name;
  private final FleetConfig config;
  private final String node;
  private final RedisLink link;
  private final FleetLoop loop;
  private final BooleanSupplier connected;
  private final Consumer<String> lost;

  private @Nullable SharedSums shared;
  private String epoch = "";
  private long version;
  private long turn;
  private List<Part> telling = List.of();
  private List<Part> raising = List.of();
  private boolean asking;
  private int processes = 1;

  /**
   * @param name tells these sums from the fleet's others
   * @param connected whether the fleet answers
   * @param lost hears that it does not
   */
  RedisSums(
      String name,
      FleetConfig config,
      String node,
      RedisLink link,
      FleetLoop loop,
      BooleanSupplier connected,
      Consumer<String> lost) {
    this.name = name;
    this.config = config;
    this.node = node;
    this.link = link;
    this.loop = loop;
    this.connected = connected;
    this.lost = lost;
  }

  @Override
  public void share(SharedSums sums) {
    loop.execute(
        () -> {
          shared = sums;
          tick(sums);
        });
  }

  /** The fleet does not answer any more: from now on each process has its share of what is left. */
  void away() {
    SharedSums sums = shared;
    if (sums != null) {
      sums.apart(processes);
    }
  }

  private void tick(SharedSums sums) {
    loop.after(config.countEvery(), () -> tick(sums));
    if (!connected.getAsBoolean()) {
      sums.apart(processes);
    } else if (!asking) {
      exchange(sums);
    }
  }

  private void exchange(SharedSums sums) {
    asking = true;
    if (!raising.isEmpty()) {
      List<Part> page = raising.subList(0, Math.min(PAGE, raising.size()));
      ask("raise", page, answer -> raised(sums, answer, page.size()));
      return;
    }
    if (telling.isEmpty()) {
      telling = sums.untold(PAGE);
      turn++;
    }
    ask("tell", telling, answer -> told(sums, answer));
  }

  private void raised(SharedSums sums, SumsAnswer answer, int parts) {
    if (answer.complete()) {
      raising = List.copyOf(raising.subList(parts, raising.size()));
      heard(sums, answer, !raising.isEmpty());
    }
  }

  private void told(SharedSums sums, SumsAnswer answer) {
    if (answer.complete()) {
      boolean full = telling.size() >= PAGE;
      sums.arrived(telling);
      telling = List.of();
      heard(sums, answer, full);
    }
  }

  private void heard(SharedSums sums, SumsAnswer answer, boolean more) {
    version = answer.version();
    sums.heard(answer.sums());
    if (more || answer.more()) {
      exchange(sums);
    }
  }

  private void ask(String operation, List<Part> parts, Consumer<SumsAnswer> then) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(operation, node, epoch, Long.toString(version), key("sum:")));
    arguments.addAll(List.of(Integer.toString(PAGE), Long.toString(turn)));
    for (Part part : parts) {
      arguments.addAll(
          List.of(
              part.name(),
              Long.toString(part.slot()),
              Long.toString(part.amount()),
              Long.toString(part.oldest()),
              Long.toString(Math.max(1, part.keep().toMillis()))));
    }
    List<String> keys = List.of(key("meta"), key("changed"), key("nodes"), key("turn:" + node));
    Exchange.of(
        loop,
        config.commandTimeout(),
        () -> link.run(SumsScript.TEXT, keys, arguments),
        answer -> answered(SumsAnswer.of(answer), then),
        this::failed);
  }

  private String key(String part) {
    return "{" + config.namespace() + "}:" + name + ":" + part;
  }

  private void answered(SumsAnswer answer, Consumer<SumsAnswer> then) {
    asking = false;
    processes = Math.max(1, answer.processes());
    SharedSums sums = shared;
    if (sums == null) {
      return;
    }
    sums.together(answer.now());
    if (!connected.getAsBoolean()) {
      sums.apart(processes); // lost by another exchange while this one was under way
    }
    if (!answer.complete()) {
      epoch = answer.epoch(); // it has forgotten, or we never met: it learns before it is told more
      version = 0;
      raising = sums.known();
      exchange(sums);
      return;
    }
    then.accept(answer);
  }

  private void failed(String why) {
    asking = false;
    lost.accept(why);
  }
}
