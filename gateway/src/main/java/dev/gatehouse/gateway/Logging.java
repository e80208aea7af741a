package dev.gatehouse.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** The process's log: text on standard error, by logback.xml. */
public final class Logging {

  private Logging() {}

  /** Sets how much the gateway's own code logs: error, warn, info or debug. */
  public static void level(String level) {
    ((Logger) LoggerFactory.getLogger("dev.gatehouse")).setLevel(Level.toLevel(level));
  }
}
