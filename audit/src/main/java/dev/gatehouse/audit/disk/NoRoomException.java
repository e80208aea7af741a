package dev.gatehouse.audit.disk;

import java.io.IOException;
import java.io.Serial;

/** There is no room for another segment. Nothing that was acknowledged is touched by this. */
public final class NoRoomException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  public NoRoomException(String message, IOException cause) {
    super(message, cause);
  }
}
