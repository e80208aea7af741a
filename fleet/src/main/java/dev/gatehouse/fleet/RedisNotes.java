package dev.gatehouse.fleet;

import dev.gatehouse.core.fleet.FleetNote;
import dev.gatehouse.core.fleet.NoteCarrier;
import dev.gatehouse.core.fleet.SharedNotes;
import dev.gatehouse.fleet.NotesAnswer.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the fleet was ordered, of one kind, through Redis: an order is told at once, and all hear by
 * news that there is one. Whoever missed the news looks twice a second all the same; whoever missed
 * Redis looks and tells when it is back. Telling again changes nothing.
 *
 * <p>Each note is sealed by who tells it ({@link NoteSeal}). One in Redis that is not is ignored
 * and counted; where this process knows better it says so at the next look.
 *
 * <p>All of its state lives on the {@link FleetLoop}.
 */
final class RedisNotes implements NoteCarrier {

  /** Not configurable: an order holds everywhere within a second, also when its news is lost. */
  static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** Longer than anybody waits. */
  private static final Duration NEVER = Duration.ofDays(10_000);

  /** Notes that are told or heard in one exchange; what is more follows in the next. */
  private static final int PAGE = 64;

  /**
   * What is carried.
   *
   * @param name of the keys, and what its news begins with
   * @param overMax ends that Redis remembers; whoever repeats what was over before these is
   *     believed
   */
  record Kind(String name, int overMax) {

    static final Kind STOPS = new Kind("stops", 2_000);
    static final Kind GRANTS = new Kind("grants", 20_000);
    static final Kind POLICIES = new Kind("policies", 100);

    boolean isToldBy(String news) {
      return news.startsWith(name + " ");
    }
  }

  private final Kind kind;
  private final FleetConfig config;
  private final String process;
  private final String name;
  private final RedisLink link;
  private final FleetLoop loop;
  private final BooleanSupplier connected;
  private final Consumer<String> lost;
  private final NoteSeal seal;
  private final ForgedNotes forged;

  // on the loop only
  private @Nullable SharedNotes shared;
  private String epoch = "";
  private long known;
  private final Map<String, Long> told = new HashMap<>();
  private final Set<String> spoilt = new HashSet<>();
  private boolean untold;
  private boolean asking;
  private boolean again;

  private volatile boolean settled;
  private volatile @Nullable Long wholeAtNanos;

  /**
   * @param name of this process, for people
   * @param connected whether the fleet answers
   * @param lost hears that it does not
   * @param forged counts what nobody of this fleet sealed
   */
  RedisNotes(
      Kind kind,
      FleetConfig config,
      String process,
      String name,
      RedisLink link,
      FleetLoop loop,
      BooleanSupplier connected,
      Consumer<String> lost,
      ForgedNotes forged) {
    this.kind = kind;
    this.config = config;
    this.process = process;
    this.name = name;
    this.link = link;
    this.loop = loop;
    this.connected = connected;
    this.lost = lost;
    this.forged = forged;
    this.seal = new NoteSeal(config, kind.name(), name);
  }

  @Override
  public String node() {
    return name;
  }

  @Override
  public void carry(SharedNotes notes) {
    loop.execute(
        () -> {
          shared = notes;
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

  @Override
  public Duration silence() {
    Long at = wholeAtNanos;
    return at == null ? NEVER : Duration.ofNanos(Math.max(0, loop.nanos() - at));
  }

  boolean isToldBy(String news) {
    return kind.isToldBy(news);
  }

  /** Redis cannot be asked: this process goes by what it knows. On the loop. */
  void away() {
    settled = true;
  }

  private void tick() {
    loop.after(LOOK_EVERY, this::tick);
    untold |= !spoilt.isEmpty(); // not sooner: others may know better too
    look();
  }

  /** Tells what is not told and hears what is not known; on the loop. */
  void look() {
    SharedNotes notes = shared;
    if (notes == null || !connected.getAsBoolean()) {
      return;
    }
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    List<FleetNote> telling = untold ? untold(notes) : List.of();
    untold = telling.size() == PAGE; // and what is ordered while this one is under way
    List<String> arguments = head("look");
    for (FleetNote note : telling) {
      String operation = (spoilt.contains(note.id()) ? "re" : "") + (note.over() ? "lift" : "stop");
      arguments.addAll(List.of(note.id(), operation, seal.seal(note)));
    }
    long asked = loop.nanos();
    ask(arguments, answer -> answered(notes, telling, NotesAnswer.of(answer), asked));
  }

  private List<FleetNote> untold(SharedNotes notes) {
    List<FleetNote> all = notes.notes();
    told.keySet().retainAll(all.stream().map(RedisNotes::key).collect(Collectors.toSet()));
    return all.stream().filter(note -> !told.containsKey(key(note))).limit(PAGE).toList();
  }

  private static String key(FleetNote note) {
    return (note.over() ? "l" : "s") + note.id();
  }

  private void answered(
      SharedNotes notes, List<FleetNote> telling, NotesAnswer answer, long askedNanos) {
    if (!answer.epoch().equals(epoch)) {
      epoch = answer.epoch(); // it has forgotten, or we never met: it is told everything
      told.clear();
      untold = true;
      notes.begunAnew();
    }
    boolean advanced = answer.version() != known;
    known = answer.version();
    for (FleetNote note : telling) {
      told.putIfAbsent(key(note), 0L);
      spoilt.remove(note.id());
    }
    notes.heard(sealed(notes, answer.notes()));
    if (!answer.more()) {
      wholeAtNanos = askedNanos;
      settled = true;
    }
    if (answer.more() || advanced || untold || again) {
      look(); // what was heard is confirmed by asking for what comes after it
    }
  }

  /** Those that some process of the fleet sealed; the others are not read any further. */
  private List<FleetNote> sealed(SharedNotes notes, List<Told> all) {
    List<FleetNote> sealed = new ArrayList<>();
    Set<String> unsealed = new HashSet<>();
    for (Told one : all) {
      Optional<FleetNote> note = seal.open(one.id(), one.said());
      if (note.isPresent()) {
        sealed.add(note.get());
        told.put(key(note.get()), one.version());
        spoilt.remove(one.id());
      } else {
        unsealed.add(one.id());
      }
    }
    if (!unsealed.isEmpty()) {
      forged.heard(kind.name(), unsealed.size());
      notes.notes().stream()
          .map(FleetNote::id)
          .filter(unsealed::contains)
          .forEach(
              id -> {
                spoilt.add(id);
                told.remove("s" + id);
                told.remove("l" + id);
              });
    }
    return sealed;
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
          if (roll.isComplete(NotesAnswer.members(answer), process, version, loop.nanos())) {
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
    arguments.addAll(List.of(Integer.toString(PAGE), RedisHealth.channel(config)));
    arguments.addAll(List.of(kind.name(), Integer.toString(kind.overMax())));
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
        () -> link.run(NotesScript.TEXT, keys, arguments),
        then,
        why -> {
          otherwise.run();
          lost.accept(why);
        });
  }

  private String key(String name) {
    return "{" + config.namespace() + "}:" + kind.name() + ":" + name;
  }
}
