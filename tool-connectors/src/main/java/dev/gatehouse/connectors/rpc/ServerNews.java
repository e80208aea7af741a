package dev.gatehouse.connectors.rpc;

import dev.gatehouse.connectors.offer.ListKind;
import java.util.Set;

/** Hears what a server says unasked, in either era. Methods return at once. */
public interface ServerNews {

  /** These lists may have changed. */
  void listsChanged(Set<ListKind> kinds);

  /** A resource that somebody subscribed to changed; the URI is the server's own. */
  void resourceUpdated(String uri);

  /** Some news may have been missed: any list, any resource may have changed. */
  void missed();
}
