package dev.gatehouse.connectors.rpc;

import java.util.Map;

/** What a {@link Wire} tells its session. Methods return at once. */
public interface WireEvents {

  /** A message that belongs to the exchange of that request. */
  void received(Map<String, Object> message, PendingCall exchange);

  /** A message that came on a stream of its own. */
  void received(Map<String, Object> message);

  /** A request's answer came and could not be read, and why. */
  void unreadable(long id, String why);

  /** A stream of notifications had a gap: lists may have changed unheard. */
  void gap();

  /** The server no longer knows the session: as {@link #retired}, and a new session may do. */
  void expired();

  /** No further request can be sent; running ones may still be answered. */
  void retired(String why);

  /** The connection is gone, and with it every running request. */
  void died(String why);
}
