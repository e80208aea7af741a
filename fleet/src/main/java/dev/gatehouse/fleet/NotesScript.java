package dev.gatehouse.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The script by which a fleet knows what it was ordered, {@code notes.lua}. */
final class NotesScript {

  static final String TEXT = read();

  private NotesScript() {}

  private static String read() {
    try (InputStream in = NotesScript.class.getResourceAsStream("notes.lua")) {
      if (in == null) {
        throw new IllegalStateException("notes.lua is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
