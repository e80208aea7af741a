package dev.gatehouse.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The script by which a fleet's sums change, {@code sums.lua}. */
final class SumsScript {

  static final String TEXT = read();

  private SumsScript() {}

  private static String read() {
    try (InputStream in = SumsScript.class.getResourceAsStream("sums.lua")) {
      if (in == null) {
        throw new IllegalStateException("sums.lua is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
