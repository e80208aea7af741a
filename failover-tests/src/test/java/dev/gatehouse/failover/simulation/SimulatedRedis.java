package dev.gatehouse.failover.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.OneArgFunction;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * A Redis that runs the real script on a virtual clock. It has the commands that the script uses,
 * with Redis' meaning, and no more.
 */
final class SimulatedRedis {

  private static final class Key {
    private final Map<String, String> hash = new HashMap<>();
    private final Map<String, Double> sorted = new TreeMap<>();
    private final TreeSet<String> set = new TreeSet<>();
    private long expiresMs = Long.MAX_VALUE;
  }

  /** Scripts by their text: loading one takes longer than living through a world. */
  private static final Map<String, Loaded> LOADED = new HashMap<>();

  private static final class Loaded {
    private final Globals lua = JsePlatform.standardGlobals();
    private final LuaTable redis = new LuaTable();
    private final LuaValue script;

    Loaded(String text) {
      redis.set(
          "error_reply",
          new OneArgFunction() {
            @Override
            public LuaValue call(LuaValue message) {
              throw new IllegalStateException(message.tojstring());
            }
          });
      lua.set("redis", redis);
      script = lua.load(text, "health");
    }

    LuaValue run(LuaValue call, List<String> names, List<String> arguments, long hostMillis) {
      redis.set("call", call);
      lua.set("KEYS", strings(names));
      lua.set("ARGV", strings(arguments));
      lua.set("HOST_MILLIS", LuaValue.valueOf((double) hostMillis));
      return script.call();
    }
  }

  private final VirtualTime time;
  private final long aheadNanos;
  private final BiConsumer<String, String> published;
  private final Loaded script;
  private final Map<String, Key> keys = new HashMap<>();

  /**
   * @param aheadNanos how wrong its own clock is
   * @param published hears of channel and text
   */
  SimulatedRedis(
      VirtualTime time, String script, long aheadNanos, BiConsumer<String, String> published) {
    this.time = time;
    this.aheadNanos = aheadNanos;
    this.published = published;
    this.script = LOADED.computeIfAbsent(script, Loaded::new);
  }

  /**
   * Runs the script as one step.
   *
   * @param hostMillis the caller's clock, which a sound script has no use for
   */
  List<Object> run(List<String> names, List<String> arguments, long hostMillis) {
    LuaValue answer = script.run(new Call(), names, arguments, hostMillis);
    List<Object> all = new ArrayList<>();
    for (int i = 1; i <= answer.length(); i++) {
      LuaValue value = answer.get(i);
      all.add(value.isint() && !value.isstring() ? value.tolong() : value.tojstring());
    }
    return all;
  }

  void flush() {
    keys.clear();
  }

  /** The state that a record says; empty when there is none. */
  String state(String record) {
    Key key = live(record);
    return key == null ? "" : key.hash.getOrDefault("state", "");
  }

  private long micros() {
    return (time.nanos() + aheadNanos) / 1_000;
  }

  private @Nullable Key live(String name) {
    Key key = keys.get(name);
    if (key != null && key.expiresMs <= micros() / 1_000) {
      keys.remove(name);
      return null;
    }
    return key;
  }

  private Key made(String name) {
    Key key = live(name);
    if (key == null) {
      key = new Key();
      keys.put(name, key);
    }
    return key;
  }

  private static LuaTable strings(List<String> values) {
    LuaTable table = new LuaTable();
    for (int i = 0; i < values.size(); i++) {
      table.set(i + 1, LuaValue.valueOf(values.get(i)));
    }
    return table;
  }

  private final class Call extends VarArgFunction {

    @Override
    public Varargs invoke(Varargs arguments) {
      String name = arguments.arg(2).isnil() ? "" : arguments.arg(2).tojstring();
      return switch (arguments.checkjstring(1)) {
        case "TIME" ->
            strings(
                List.of(Long.toString(micros() / 1_000_000), Long.toString(micros() % 1_000_000)));
        case "HMGET" -> hmget(name, arguments);
        case "HSET" -> hset(made(name), arguments);
        case "DEL" -> number(keys.remove(name) == null ? 0 : 1);
        case "PEXPIRE" -> expire(name, arguments.arg(3).tolong());
        case "ZADD" -> {
          made(name).sorted.put(arguments.arg(4).tojstring(), arguments.arg(3).todouble());
          yield number(1);
        }
        case "ZREMRANGEBYSCORE" -> {
          double most = arguments.arg(4).todouble();
          Key key = live(name);
          if (key != null) {
            key.sorted.values().removeIf(score -> score <= most);
          }
          yield number(0);
        }
        case "ZCARD" -> {
          Key key = live(name);
          yield number(key == null ? 0 : key.sorted.size());
        }
        case "SADD" -> number(made(name).set.add(arguments.arg(3).tojstring()) ? 1 : 0);
        case "SREM" -> {
          Key key = live(name);
          yield number(key != null && key.set.remove(arguments.arg(3).tojstring()) ? 1 : 0);
        }
        case "SMEMBERS" -> {
          Key key = live(name);
          yield strings(key == null ? List.of() : List.copyOf(key.set));
        }
        case "PUBLISH" -> {
          published.accept(name, arguments.arg(3).tojstring());
          yield number(1);
        }
        default ->
            throw new IllegalStateException(
                "this Redis does not know " + arguments.checkjstring(1));
      };
    }

    private LuaValue number(long value) {
      return LuaValue.valueOf((double) value);
    }

    private LuaValue hmget(String name, Varargs arguments) {
      Key key = live(name);
      LuaTable table = new LuaTable();
      for (int i = 3; i <= arguments.narg(); i++) {
        String value = key == null ? null : key.hash.get(arguments.arg(i).tojstring());
        table.set(i - 2, value == null ? LuaValue.FALSE : LuaValue.valueOf(value));
      }
      return table;
    }

    private LuaValue hset(Key key, Varargs arguments) {
      for (int i = 3; i < arguments.narg(); i += 2) {
        key.hash.put(arguments.arg(i).tojstring(), arguments.arg(i + 1).tojstring());
      }
      return number(0);
    }

    private LuaValue expire(String name, long millis) {
      Key key = live(name);
      if (key != null) {
        key.expiresMs = micros() / 1_000 + millis;
      }
      return number(key == null ? 0 : 1);
    }
  }
}
