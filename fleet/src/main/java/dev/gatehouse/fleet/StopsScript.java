package dev.gatehouse.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The script by which a fleet knows what is stopped, {@code stops.lua}. */
final class StopsScript {

  static final String TEXT = read();

  private StopsScript() {}

  private static String read() {
    try (InputStream in = StopsScript.class.getResourceAsStream("stops.lua")) {
      if (in == null) {
        throw new IllegalStateException("stops.lua is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
