package dev.gatehouse.mcp.node;

import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * What tells this process from the others of a fleet, and from its own earlier runs, in handles
 * that clients bring back. It is no secret and proves nothing: it only decides which error a client
 * reads.
 */
public final class NodeMark {

  private static final int BYTES = 6;
  private static final int CHARS = 8;
  private static final char SEPARATOR = '.';

  private final String mark;

  /** Where a handle was given. */
  public enum Whose {
    OURS,
    ELSEWHERE,
    NOBODYS
  }

  public NodeMark(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    mark = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The handle as it is given to a client. */
  public String of(String secret) {
    return mark + SEPARATOR + secret;
  }

  /** The part of one of our own handles that this process made. */
  public String secret(String handle) {
    return handle.substring(CHARS + 1);
  }

  /** Who gave that handle, by its own word. */
  public Whose whose(String handle) {
    if (handle.length() <= CHARS + 1 || handle.charAt(CHARS) != SEPARATOR) {
      return Whose.NOBODYS;
    }
    if (handle.startsWith(mark)) {
      return Whose.OURS;
    }
    for (int i = 0; i < CHARS; i++) {
      char c = handle.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '-' && c != '_') {
        return Whose.NOBODYS;
      }
    }
    return Whose.ELSEWHERE;
  }
}
