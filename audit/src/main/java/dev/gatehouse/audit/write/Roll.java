package dev.gatehouse.audit.write;

import dev.gatehouse.audit.chain.Tip;
import java.util.concurrent.CompletableFuture;

/**
 * An order to end the stream being written and to go on in another. Completes with the end of the
 * first when rows go to the second; when it fails with {@link
 * dev.gatehouse.audit.disk.NoRoomException}, nothing has changed.
 */
public final class Roll extends CompletableFuture<Tip> {

  final NewStream next;
  final BesideRows beside;

  /**
   * @param next allocated
   * @param beside keeps what its rows commit to, or have the digest of
   */
  public Roll(NewStream next, BesideRows beside) {
    this.next = next;
    this.beside = beside;
  }
}
