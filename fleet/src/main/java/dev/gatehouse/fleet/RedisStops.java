package dev.gatehouse.fleet;

import dev.gatehouse.core.stop.SharedStops;
import dev.gatehouse.core.stop.StopCarrier;
import dev.gatehouse.core.stop.StopNote;
import dev.gatehouse.fleet.StopsAnswer.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the fleet has stopped, through Redis: an order is told at once, and all hear by news that
 * there is one. Whoever missed the news looks twice a second all the same; whoever missed Redis
 * looks and tells when it is back. Telling again changes nothing.
 *
 * <p>All of its state lives on the {@link FleetLoop}.
 */
final class RedisStops implements StopCarrier {

  /** Not configurable: an order holds everywhere within a second, also when its news is lost. */
  static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** What news of stops begins with, on the channel of all news. */
  static final String NEWS = "stops ";

  /** Notes that are told or heard in one exchange; what is more follows in the next. */
  private static final int PAGE = 64;

  private final FleetConfig config;
  private final String process;
  private final String name;
  private final RedisLink link;
  private final FleetLoop loop;
  private final BooleanSupplier connected;
  private final Consumer<String> lost;

  // on the loop only
  private @Nullable SharedStops shared;
  private String epoch = "";
  private long known;
  private final Map<String, Long> told = new HashMap<>();
  private boolean untold;
  private boolean asking;
  private boolean again;

  private volatile boolean settled;

  /**
   * @param name of this process, for people
   * @param connected whether the fleet answers
   * @param lost hears that it does not
   */
  RedisStops(
      FleetConfig config,
      String process,
      String name,
      RedisLink link,
      FleetLoop loop,
      BooleanSupplier connected,
      Consumer<String> lost) {
    this.config = config;
    this.process = process;
    this.name = name;
    this.link = link;
    this.loop = loop;
    this.connected = connected;
    this.lost = lost;
  }

  @Override
  public String node() {
    return name;
  }

  @Override
  public void carry(SharedStops stops) {
    loop.execute(
        () -> {
          shared = stops;
          untold = true;
          tick();
        });
  }

  @Override
  public void changed() {
    loop.execute(
        () -> {
          untold = true;
          look();
        });
  }

  @Override
  public boolean settled() {
    return settled;
  }

  /** Redis cannot be asked: this process goes by what it knows. On the loop. */
  void away() {
    settled = true;
  }

  private void tick() {
    loop.after(LOOK_EVERY, this::tick);
    look();
  }

  /** Tells what is not told and hears what is not known; on the loop. */
  void look() {
    SharedStops stops = shared;
    if (stops == null || !connected.getAsBoolean()) {
      return;
    }
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    List<StopNote> telling = untold ? untold(stops) : List.of();
    untold = telling.size() == PAGE; // and what is ordered while this one is under way
    List<String> arguments = head("look");
    for (StopNote note : telling) {
      arguments.addAll(List.of(note.id(), note.lifted() ? "lift" : "stop", note.text()));
    }
    ask(arguments, answer -> answered(stops, telling, StopsAnswer.of(answer)));
  }

  private List<StopNote> untold(SharedStops stops) {
    List<StopNote> notes = stops.notes();
    told.keySet().retainAll(notes.stream().map(RedisStops::key).collect(Collectors.toSet()));
    return notes.stream().filter(note -> !told.containsKey(key(note))).limit(PAGE).toList();
  }

  private static String key(StopNote note) {
    return (note.lifted() ? "l" : "s") + note.id();
  }

  private void answered(SharedStops stops, List<StopNote> telling, StopsAnswer answer) {
    if (!answer.epoch().equals(epoch)) {
      epoch = answer.epoch(); // it has forgotten, or we never met: it is told everything
      told.clear();
      untold = true;
    }
    boolean advanced = answer.version() != known;
    known = answer.version();
    telling.forEach(note -> told.putIfAbsent(key(note), 0L));
    answer.notes().forEach(note -> told.put(key(note.note()), note.version()));
    stops.heard(answer.notes().stream().map(Versioned::note).toList());
    if (!answer.more()) {
      settled = true;
    }
    if (answer.more() || advanced || untold || again) {
      look(); // what was heard is confirmed by asking for what comes after it
    }
  }

  // --- who confirmed -----------------------------------------------------------------------------

  @Override
  public CompletionStage<List<Confirmation>> confirmed(String id, Duration patience) {
    Roll roll = new Roll(id, loop.nanos(), patience);
    loop.execute(() -> call(roll));
    return roll.done;
  }

  /** Asks again and again who has confirmed. */
  private void call(Roll roll) {
    if (roll.isOver(loop.nanos())) {
      roll.end();
      return;
    }
    Long version = told.get("s" + roll.id);
    if (version == null || version == 0 || !connected.getAsBoolean()) {
      loop.after(Roll.EVERY, () -> call(roll));
      return;
    }
    ask(
        head("members"),
        answer -> {
          if (roll.isComplete(StopsAnswer.members(answer), process, version, loop.nanos())) {
            roll.end();
          } else {
            loop.after(Roll.EVERY, () -> call(roll));
          }
        },
        () -> loop.after(Roll.EVERY, () -> call(roll)));
  }

  // --- the way to Redis --------------------------------------------------------------------------

  private List<String> head(String operation) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(operation, process, name, epoch, Long.toString(known)));
    arguments.addAll(List.of(Integer.toString(PAGE), RedisFleet.channel(config)));
    return arguments;
  }

  private void ask(List<String> arguments, Consumer<List<Object>> then) {
    ask(
        arguments,
        answer -> {
          asking = false;
          then.accept(answer);
        },
        () -> {
          asking = false;
          untold = true; // it may not have arrived
        });
  }

  private void ask(List<String> arguments, Consumer<List<Object>> then, Runnable otherwise) {
    List<String> keys =
        List.of(
            key("meta"), key("log"), key("lifted"), key("notes"), key("processes"), key("known"));
    Exchange.of(
        loop,
        config.commandTimeout(),
        () -> link.run(StopsScript.TEXT, keys, arguments),
        then,
        why -> {
          otherwise.run();
          lost.accept(why);
        });
  }

  private String key(String name) {
    return "{" + config.namespace() + "}:stops:" + name;
  }
}
