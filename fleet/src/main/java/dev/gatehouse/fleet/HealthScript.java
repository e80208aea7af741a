package dev.gatehouse.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The script by which a fleet's health changes, {@code health.lua}. */
public final class HealthScript {

  /** Its text. */
  public static final String TEXT = read();

  private HealthScript() {}

  private static String read() {
    try (InputStream in = HealthScript.class.getResourceAsStream("health.lua")) {
      if (in == null) {
        throw new IllegalStateException("health.lua is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
