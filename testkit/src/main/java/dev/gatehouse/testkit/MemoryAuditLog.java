package dev.gatehouse.testkit;

import dev.gatehouse.core.audit.AuditLog;
import dev.gatehouse.core.audit.AuditReceipt;
import dev.gatehouse.core.audit.AuditRow;
import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A log in memory whose durability a test can hold back, release and break. Rows are canonicalised,
 * so that a row which the real log would refuse is refused here too.
 */
public final class MemoryAuditLog implements AuditLog {

  private final List<Map<String, Object>> rows = new CopyOnWriteArrayList<>();
  private final Map<Map<String, Object>, byte[]> bodies = new ConcurrentHashMap<>();
  private final List<Runnable> held = new CopyOnWriteArrayList<>();
  private volatile boolean holding;
  private volatile boolean broken;

  @Override
  public synchronized CompletionStage<AuditReceipt> append(AuditRow row) {
    if (broken) {
      throw new AuditUnavailableException("the test broke the log");
    }
    Digest digest = Digest.of(CanonicalJson.exactBytes(row.fields()));
    AuditReceipt receipt = new AuditReceipt("test-0-standard", rows.size(), digest.hex());
    Map<String, Object> kept = Map.copyOf(row.fields());
    rows.add(kept);
    row.body().ifPresent(body -> bodies.put(kept, body.bytes().get()));
    if (!holding) {
      return CompletableFuture.completedStage(receipt);
    }
    CompletableFuture<AuditReceipt> stage = new CompletableFuture<>();
    held.add(() -> complete(stage, receipt));
    return stage;
  }

  private void complete(CompletableFuture<AuditReceipt> stage, AuditReceipt receipt) {
    if (broken) {
      stage.completeExceptionally(new AuditUnavailableException("the test broke the log"));
    } else {
      stage.complete(receipt);
    }
  }

  /** From now on rows stay undurable until {@link #release}. */
  public void hold() {
    holding = true;
  }

  /** Makes all held rows durable (or fails them, after {@link #fail}) and stops holding. */
  public void release() {
    holding = false;
    List<Runnable> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(Runnable::run);
  }

  /** From now on every append is refused and every held row fails. */
  public void fail() {
    broken = true;
  }

  /** From now on rows are taken again. */
  public void mend() {
    broken = false;
  }

  /** All rows so far. */
  public List<Map<String, Object>> rows() {
    return List.copyOf(rows);
  }

  /** What a row has the digest of, canonical JSON; empty for a row that has none. */
  public Optional<byte[]> body(Map<String, Object> row) {
    return Optional.ofNullable(bodies.get(row));
  }

  /** The rows of that type: {@code intent}, {@code outcome} or {@code event}. */
  public List<Map<String, Object>> rows(String type) {
    return rows.stream().filter(row -> type.equals(row.get("type"))).toList();
  }
}
