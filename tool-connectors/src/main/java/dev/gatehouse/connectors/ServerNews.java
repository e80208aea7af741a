package dev.gatehouse.connectors;

/** Hears what a server says unasked, in either era. Methods return at once. */
interface ServerNews {

  /** Its tools, resources or prompts may have changed. */
  void listChanged();

  /** A resource that somebody subscribed to changed; the URI is the server's own. */
  void resourceUpdated(String uri);
}
