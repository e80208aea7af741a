package dev.gatehouse.audit.write;

import dev.gatehouse.audit.chain.Tip;
import dev.gatehouse.audit.personal.Vault;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An order to end the stream being written and to go on in another. Completes with the end of the
 * first when rows go to the second; when it fails with {@link
 * dev.gatehouse.audit.disk.NoRoomException}, nothing has changed.
 */
public final class Roll extends CompletableFuture<Tip> {

  final NewStream next;
  final Optional<Vault> vault;

  /**
   * @param next allocated
   * @param vault where the disclosures of its rows go
   */
  public Roll(NewStream next, Optional<Vault> vault) {
    this.next = next;
    this.vault = vault;
  }
}
