package dev.gatehouse.mcp.http;

import java.util.Locale;

/** Media types in {@code Accept} and {@code Content-Type} (RFC 9110, sections 8.3.1 and 12.5.1). */
final class MediaTypes {

  private MediaTypes() {}

  /** Whether an {@code Accept} value takes the type; one with {@code q=0} does not. */
  static boolean accepts(String accept, String type) {
    String anySubtype = type.substring(0, type.indexOf('/') + 1) + "*";
    boolean accepted = false;
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      String name = parts[0].strip().toLowerCase(Locale.ROOT);
      if (name.equals(type)) {
        return !refused(parts);
      }
      if (name.equals("*/*") || name.equals(anySubtype)) {
        accepted |= !refused(parts);
      }
    }
    return accepted;
  }

  /** Whether a {@code Content-Type} value is JSON in UTF-8. */
  static boolean isJson(String contentType) {
    String[] parts = contentType.split(";", -1);
    if (!"application/json".equals(parts[0].strip().toLowerCase(Locale.ROOT))) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }

  private static boolean refused(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].replace(" ", "").matches("[qQ]=0(\\.0*)?")) {
        return true;
      }
    }
    return false;
  }
}
