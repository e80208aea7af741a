package dev.gatehouse.gateway.notify;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The couriers of the receivers in force. Thread-safe; telling never blocks and never throws for
 * what a receiver does.
 */
public final class Notifier implements AutoCloseable {

  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  private final Links links;
  private final Postman postman;
  private final Patience patience;
  private final Deliveries deliveries;
  private volatile List<Courier> couriers = List.of();

  private Notifier(Links links, Postman postman, Patience patience, Deliveries deliveries) {
    this.links = links;
    this.postman = postman;
    this.patience = patience;
    this.deliveries = deliveries;
  }

  /** Starts the couriers of those receivers. */
  public static Notifier start(
      Vertx vertx,
      InstantSource clock,
      Links links,
      List<Receiver> receivers,
      Deliveries deliveries) {
    return start(
        vertx, clock, links, receivers, deliveries, Patience.REAL, InetAddress::getAllByName);
  }

  static Notifier start(
      Vertx vertx,
      InstantSource clock,
      Links links,
      List<Receiver> receivers,
      Deliveries deliveries,
      Patience patience,
      ReceiverReach.Resolver resolver) {
    Notifier notifier =
        new Notifier(
            links, new Postman(vertx, new ReceiverReach(resolver), clock), patience, deliveries);
    notifier.replace(receivers);
    return notifier;
  }

  /** From now on these are told. Whose entry did not change keeps what waits for it in order. */
  public synchronized void replace(List<Receiver> receivers) {
    List<Courier> before = couriers;
    List<Courier> next = new ArrayList<>();
    for (Receiver receiver : receivers) {
      Optional<Courier> same =
          before.stream().filter(old -> old.receiver().equals(receiver)).findFirst();
      next.add(same.orElseGet(() -> new Courier(receiver, links, postman, patience, deliveries)));
    }
    couriers = List.copyOf(next);
    before.stream().filter(old -> !next.contains(old)).forEach(Courier::retire);
  }

  /** Tells those who want to hear of it. */
  void tell(Notice notice) {
    couriers.forEach(courier -> courier.take(notice));
  }

  /** Gives what is on its way a moment; counts the rest as lost. Blocks. */
  @Override
  public synchronized void close() {
    List<Courier> last = couriers;
    couriers = List.of();
    last.forEach(Courier::retire);
    long until = System.nanoTime() + CLOSE_MAX.toNanos();
    last.forEach(courier -> courier.end(Duration.ofNanos(until - System.nanoTime())));
    postman.close();
  }
}
