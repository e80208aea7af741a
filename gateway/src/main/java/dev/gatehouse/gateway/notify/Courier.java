package dev.gatehouse.gateway.notify;

import dev.gatehouse.gateway.notify.Deliveries.Fate;
import dev.gatehouse.gateway.notify.Postman.Posted;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries notices to one receiver, one after the other, from a virtual thread of its own. What
 * fails is tried {@value #TRIES_MAX} times, with 1, 2, 4 and 8 seconds in between, and then lost;
 * so is what comes while {@value #WAITING_MAX} wait. {@link #take} never blocks.
 */
final class Courier {

  static final int WAITING_MAX = 1_000;
  static final int TRIES_MAX = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private final Receiver receiver;
  private final Links links;
  private final Postman postman;
  private final Patience patience;
  private final Deliveries deliveries;
  private final Semaphore room = new Semaphore(WAITING_MAX);
  private final BlockingQueue<Optional<Notice>> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean overflowing;

  Courier(
      Receiver receiver, Links links, Postman postman, Patience patience, Deliveries deliveries) {
    this.receiver = receiver;
    this.links = links;
    this.postman = postman;
    this.patience = patience;
    this.deliveries = deliveries;
    this.thread = Thread.ofVirtual().name("notify-" + receiver.name()).start(this::run);
  }

  Receiver receiver() {
    return receiver;
  }

  /** Takes a notice if the receiver is told of its kind. */
  void take(Notice notice) {
    if (!receiver.events().contains(notice.kind())) {
      return;
    }
    if (!closing && room.tryAcquire()) {
      overflowing = false;
      waiting.add(Optional.of(notice));
      return;
    }
    if (!overflowing) { // once, and not for each that follows
      overflowing = true;
      LOG.warn(
          "receiver {} loses notices: {} of them wait for it already",
          receiver.name(),
          WAITING_MAX);
    }
    deliveries.count(receiver.name(), Fate.LOST);
  }

  private void run() {
    try {
      for (Optional<Notice> next = waiting.take(); next.isPresent(); next = waiting.take()) {
        room.release();
        if (!carry(next.get()) && closing) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      loseTheRest();
    }
  }

  private boolean carry(Notice notice) throws InterruptedException {
    boolean delivered = false;
    try {
      delivered = delivered(notice);
    } catch (RuntimeException e) {
      LOG.error("receiver {} was not told of {}", receiver.name(), notice.row(), e);
    } finally {
      deliveries.count(receiver.name(), delivered ? Fate.DELIVERED : Fate.LOST);
    }
    return delivered;
  }

  private void loseTheRest() {
    long left = waiting.stream().filter(Optional::isPresent).count();
    if (left > 0) {
      LOG.warn("receiver {} was not told of the last {} notices", receiver.name(), left);
    }
    for (long i = 0; i < left; i++) {
      deliveries.count(receiver.name(), Fate.LOST);
    }
  }

  private boolean delivered(Notice notice) throws InterruptedException {
    byte[] body = receiver.style().body(notice, links, receiver.callback().isPresent());
    for (int tried = 1; ; tried++) {
      switch (postman.post(receiver, notice.id(), body, tried - 1)) {
        case Posted.Taken _ -> {
          return true;
        }
        case Posted.Failed(String why, boolean again) -> {
          if (!again || tried == TRIES_MAX || closing) {
            LOG.warn(
                "receiver {} was not told of {} {} after {} tries: {}",
                receiver.name(),
                notice.kind().word(),
                notice.row(),
                tried,
                why);
            return false;
          }
          patience.pause(Duration.ofSeconds(1L << (tried - 1)));
        }
      }
    }
  }

  /** Takes no more; what waits is carried on until one of it fails. */
  void retire() {
    closing = true;
    waiting.add(Optional.empty());
  }

  /** Waits so long for what is on its way, and gives it up then. Blocks; after {@link #retire}. */
  void end(Duration patience) {
    try {
      if (!thread.join(patience)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
