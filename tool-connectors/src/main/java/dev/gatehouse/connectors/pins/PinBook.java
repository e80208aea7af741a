package dev.gatehouse.connectors.pins;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.json.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The approved definitions of all tools, and those that differ from them. Thread-safe. {@link
 * #judge} and {@link #approve} block on the file; the rest does not.
 *
 * <p>Fails closed: a definition that cannot be pinned, recorded or stored is in quarantine.
 */
public final class PinBook {

  /** Most tools of one connector that are remembered; further ones are in quarantine. */
  public static final int PINS_PER_CONNECTOR_MAX = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(PinBook.class);
  private static final String FIRST_USE = "first use";

  private final PinFile file;
  private final FlaggedDefinitions flags;
  private final AuditLog audit;
  private final InstantSource clock;
  private final Map<ToolKey, Pin> pins = new LinkedHashMap<>(); // guarded by this
  private final Map<ToolKey, Suspect> suspects = new HashMap<>(); // guarded by this

  /** A definition that waits for an operator. */
  record Suspect(
      PinnedDefinition observed, Optional<Digest> configured, Instant since, List<String> alarms) {}

  /** What is known of a tool in quarantine; see {@link dev.gatehouse.core.tool.ToolPins}. */
  public record Difference(
      Optional<Digest> approved,
      Digest observed,
      Map<String, Object> approvedDefinition,
      Map<String, Object> observedDefinition,
      Instant since,
      List<String> alarms) {}

  private PinBook(PinFile file, AuditLog audit, InstantSource clock) {
    this.file = file;
    this.flags = new FlaggedDefinitions(audit);
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Opens the book.
   *
   * @throws IOException when the file is there but cannot be used
   */
  public static PinBook open(Path path, AuditLog audit, InstantSource clock) throws IOException {
    PinFile file = new PinFile(path);
    PinBook book = new PinBook(file, audit, clock);
    file.load().forEach(pin -> book.pins.put(pin.tool(), pin));
    return book;
  }

  /**
   * Judges the list that a connector gives now, and remembers what it sees.
   *
   * @param definitions by the upstream's own tool names
   * @return the names of those in quarantine
   */
  public Set<String> judge(
      String connector, PinPolicy policy, Map<String, Map<String, Object>> definitions) {
    return judge(connector, policy, definitions, Map.of());
  }

  /**
   * Judges the list that a connector gives now, and remembers what it sees.
   *
   * @param definitions by the upstream's own tool names
   * @param alarms what a scan found in some of them, by the same names: only a person or the config
   *     approves those, never their first use
   * @return the names of those in quarantine
   */
  public synchronized Set<String> judge(
      String connector,
      PinPolicy policy,
      Map<String, Map<String, Object>> definitions,
      Map<String, List<String>> alarms) {
    Map<String, Map<String, Object>> judged = new LinkedHashMap<>(definitions);
    if (policy.mode() == PinMode.OFF) {
      judged.keySet().retainAll(alarms.keySet());
    }
    suspects
        .keySet()
        .removeIf(tool -> tool.connector().equals(connector) && !judged.containsKey(tool.name()));
    Map<ToolKey, Pin> fresh = new LinkedHashMap<>();
    Set<String> quarantined = new HashSet<>();
    judged.forEach(
        (name, definition) -> {
          ToolKey tool = new ToolKey(connector, name);
          List<String> alarm = alarms.getOrDefault(name, List.of());
          if (!approved(tool, policy, definition, alarm, fresh)) {
            quarantined.add(name);
          }
        });
    if (!fresh.isEmpty() && !stored(fresh)) {
      fresh.keySet().forEach(tool -> quarantined.add(tool.name()));
    }
    return quarantined;
  }

  private boolean approved(
      ToolKey tool,
      PinPolicy policy,
      Map<String, Object> definition,
      List<String> alarm,
      Map<ToolKey, Pin> fresh) {
    PinnedDefinition observed;
    try {
      observed = PinnedDefinition.of(definition);
    } catch (IllegalArgumentException e) {
      LOG.warn("mcp {}: the definition of '{}' cannot be pinned", tool.connector(), tool.name());
      return false;
    }
    Pin pin = pins.get(tool);
    Digest configured = policy.pins().get(tool.name());
    if (configured != null
        ? configured.equals(observed.digest())
        : matches(pin, observed, !alarm.isEmpty())) {
      return cleared(tool, observed);
    }
    boolean first =
        pin == null && configured == null && alarm.isEmpty() && policy.mode() == PinMode.FIRST_USE;
    if (first && room(tool.connector(), fresh)) {
      try {
        append("tool.pinned", tool, observed.digest(), FIRST_USE, "", null);
        fresh.put(tool, new Pin(tool, observed, FIRST_USE, clock.instant()));
        suspects.remove(tool);
        return true;
      } catch (AuditUnavailableException e) {
        LOG.warn("mcp {}: '{}' cannot be recorded", tool.connector(), tool.name());
      }
    }
    suspect(tool, new Suspect(observed, Optional.ofNullable(configured), clock.instant(), alarm));
    return false;
  }

  private static boolean matches(
      @Nullable Pin pin, PinnedDefinition observed, boolean byPersonOnly) {
    return pin != null
        && pin.definition().digest().equals(observed.digest())
        && !(byPersonOnly && pin.by().equals(FIRST_USE));
  }

  /**
   * Records, once, what a scan flagged in definitions of a connector that are listed all the same,
   * or for which they are left out.
   *
   * @param findings by kind and name
   */
  public void flagged(String connector, Map<String, List<String>> findings) {
    flags.note(connector, findings);
  }

  private boolean room(String connector, Map<ToolKey, Pin> fresh) {
    long known = pins.keySet().stream().filter(key -> key.connector().equals(connector)).count();
    return known + fresh.size() < PINS_PER_CONNECTOR_MAX;
  }

  private boolean cleared(ToolKey tool, PinnedDefinition observed) {
    if (suspects.remove(tool) != null) {
      try {
        append("tool.restored", tool, observed.digest(), "", "", null);
      } catch (AuditUnavailableException e) {
        LOG.warn("mcp {}: the return of '{}' is not on record", tool.connector(), tool.name());
      }
    }
    return true;
  }

  private void suspect(ToolKey tool, Suspect suspect) {
    Suspect before = suspects.get(tool);
    if (before != null
        && before.observed().digest().equals(suspect.observed().digest())
        && before.alarms().equals(suspect.alarms())) {
      return;
    }
    suspects.put(tool, suspect);
    LOG.warn(
        "mcp {}: '{}' is in quarantine, {}",
        tool.connector(),
        tool.name(),
        suspect.alarms().isEmpty()
            ? "its definition is not the approved one"
            : "a scan of its definition found " + suspect.alarms());
    try {
      Digest approved = approvedDigest(tool, suspect.configured()).orElse(null);
      Digest observed = suspect.observed().digest();
      append("tool.quarantined", tool, observed, "", "", approved, suspect.alarms());
    } catch (AuditUnavailableException e) {
      LOG.warn("mcp {}: the quarantine of '{}' is not on record", tool.connector(), tool.name());
    }
  }

  private Optional<Digest> approvedDigest(ToolKey tool, Optional<Digest> configured) {
    Pin pin = pins.get(tool);
    return configured.or(() -> Optional.ofNullable(pin).map(kept -> kept.definition().digest()));
  }

  /** Takes the pins over when the file took them. */
  private boolean stored(Map<ToolKey, Pin> fresh) {
    Map<ToolKey, Pin> all = new LinkedHashMap<>(pins);
    all.putAll(fresh);
    try {
      file.save(all.values());
    } catch (IOException e) {
      LOG.error("the pins of tool definitions cannot be stored; new tools stay in quarantine", e);
      return false;
    }
    pins.putAll(fresh);
    return true;
  }

  /** What is known of a tool in quarantine; empty when it is not there. */
  public synchronized Optional<Difference> difference(String connector, String name) {
    ToolKey tool = new ToolKey(connector, name);
    Suspect suspect = suspects.get(tool);
    if (suspect == null) {
      return Optional.empty();
    }
    Pin pin = pins.get(tool);
    return Optional.of(
        new Difference(
            approvedDigest(tool, suspect.configured()),
            suspect.observed().digest(),
            pin == null ? Map.of() : pin.definition().members(),
            suspect.observed().members(),
            suspect.since(),
            suspect.alarms()));
  }

  /**
   * Approves the observed definition of a tool in quarantine.
   *
   * @return empty when no tool of that name is there; false when its definition is another one by
   *     now, or the config pins it to another
   * @throws AuditUnavailableException when it cannot be recorded; nothing changes
   * @throws IOException when it cannot be stored; nothing changes
   */
  public synchronized Optional<Boolean> approve(
      String connector, String name, Digest observed, String operator, String reason)
      throws IOException {
    ToolKey tool = new ToolKey(connector, name);
    Suspect suspect = suspects.get(tool);
    if (suspect == null) {
      return Optional.empty();
    }
    if (!suspect.observed().digest().equals(observed) || suspect.configured().isPresent()) {
      return Optional.of(false);
    }
    Digest before = approvedDigest(tool, Optional.empty()).orElse(null);
    record(append("tool.approved", tool, observed, operator, reason, before));
    if (!stored(Map.of(tool, new Pin(tool, suspect.observed(), operator, clock.instant())))) {
      throw new IOException("the approval is on record, but could not be stored; repeat it");
    }
    suspects.remove(tool);
    return Optional.of(true);
  }

  private static void record(CompletionStage<?> durable) {
    try {
      durable.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new AuditUnavailableException("the approval could not be recorded", e);
    }
  }

  private CompletionStage<?> append(
      String event,
      ToolKey tool,
      Digest digest,
      String by,
      String reason,
      @Nullable Digest approvedBefore) {
    return append(event, tool, digest, by, reason, approvedBefore, List.of());
  }

  private CompletionStage<?> append(
      String event,
      ToolKey tool,
      Digest digest,
      String by,
      String reason,
      @Nullable Digest approvedBefore,
      List<String> alarms) {
    Map<String, Object> row = new HashMap<>();
    row.put("v", 1);
    row.put("type", "event");
    row.put("event", event);
    row.put("connector", tool.connector());
    row.put("tool", tool.name());
    row.put("definition_digest", digest.hex());
    if (!by.isEmpty()) {
      row.put("by", by);
    }
    if (!reason.isEmpty()) {
      row.put("reason", reason);
    }
    if (approvedBefore != null) {
      row.put("approved_digest", approvedBefore.hex());
    }
    if (!alarms.isEmpty()) {
      row.put("scan", alarms);
    }
    return audit.append(new AuditRow(row));
  }
}
