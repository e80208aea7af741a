package dev.gatehouse.llm.replay;

import dev.gatehouse.core.outcome.Exclusion;
import dev.gatehouse.llm.failover.Entry;
import dev.gatehouse.llm.failover.Fault;
import dev.gatehouse.llm.failover.FaultKind;
import dev.gatehouse.llm.failover.Pass;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Recorded events as a journey is told them. */
final class Script {

  /** A pass that tells nobody anything. */
  static final Pass PASS =
      new Pass() {
        @Override
        public void begun() {}

        @Override
        public void served() {}

        @Override
        public void failed(Fault fault) {}

        @Override
        public void abandoned() {}
      };

  private Script() {}

  static Entry entry(String provider, Map<String, Object> event) {
    return switch (Values.text(event, "entry")) {
      case "open" -> new Entry.Open(PASS);
      case "asked" -> new Entry.Asked(new CompletableFuture<>());
      case "shut" ->
          new Entry.Shut(
              new Exclusion(
                  provider,
                  Values.text(event, "why"),
                  Optional.of(Values.text(event, "until"))
                      .filter(until -> !until.isEmpty())
                      .map(Instant::parse)));
      default -> throw new Diverged("an entry is open, asked or shut; this event is " + event);
    };
  }

  static Fault fault(Map<String, Object> event) {
    String name = Values.text(event, "failed");
    FaultKind kind =
        Arrays.stream(FaultKind.values())
            .filter(each -> each.rowName().equals(name))
            .findFirst()
            .orElseThrow(() -> new Diverged("no failure is called '" + name + "'"));
    return new Fault(
        kind,
        (int) Values.number(event, "status"),
        Values.flag(event, "sent"),
        event.containsKey("retry_after_us")
            ? Optional.of(micros(event, "retry_after_us"))
            : Optional.empty(),
        "",
        "");
  }

  static Duration micros(Map<String, Object> event, String name) {
    return Duration.of(Values.number(event, name), ChronoUnit.MICROS);
  }

  static boolean isFailure(Map<String, Object> event) {
    return event.containsKey("failed");
  }

  static boolean isUnsendable(Map<String, Object> event) {
    return event.containsKey("unsendable");
  }

  /** Of a fault, as people read it. */
  static String words(Fault fault) {
    return fault.kind().rowName() + (fault.status() == 0 ? "" : " " + fault.status());
  }

  /** The rerun and the record part here. */
  static final class Diverged extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Diverged(String message) {
      super(message, null, false, false);
    }
  }
}
