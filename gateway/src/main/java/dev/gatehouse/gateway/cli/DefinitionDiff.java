package dev.gatehouse.gateway.cli;

import static dev.gatehouse.gateway.cli.ListOptions.cell;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a tool's definition differs from the approved one: the changed places as JSON pointers, one
 * line each. Characters that a terminal would hide are written as escapes, since hiding is what a
 * poisoned definition does.
 */
final class DefinitionDiff {

  private DefinitionDiff() {}

  static void print(JsonNode tool, PrintStream out) {
    String approved = cell(tool, "approved_digest");
    out.println(cell(tool, "name") + "  (since " + cell(tool, "since") + ")");
    out.println("  approved  " + (approved.isEmpty() ? "never" : approved));
    out.println("  now       " + cell(tool, "digest"));
    for (JsonNode finding : tool.path("scan")) {
      out.println("  found     " + finding.asText());
    }
    Map<String, String> before = places(tool.path("approved_definition"));
    Map<String, String> after = places(tool.path("definition"));
    TreeSet<String> all = new TreeSet<>(before.keySet());
    all.addAll(after.keySet());
    for (String place : all) {
      String old = before.getOrDefault(place, "");
      String now = after.getOrDefault(place, "");
      if (!old.equals(now)) {
        if (!old.isEmpty()) {
          out.println("  - " + place + "  " + old);
        }
        if (!now.isEmpty()) {
          out.println("  + " + place + "  " + now);
        }
      }
    }
    out.println(
        "  approve with: gatehouse tool approve "
            + cell(tool, "name")
            + " --digest "
            + cell(tool, "digest").substring(0, 12));
  }

  private static Map<String, String> places(JsonNode definition) {
    Map<String, String> places = new TreeMap<>();
    collect(definition, "", places);
    return places;
  }

  private static void collect(JsonNode node, String place, Map<String, String> places) {
    if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(
              member ->
                  collect(
                      member.getValue(),
                      place + "/" + member.getKey().replace("~", "~0").replace("/", "~1"),
                      places));
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), place + "/" + i, places);
      }
    } else if (!node.isMissingNode()) {
      places.put(visible(place), visible(node.toString()));
    }
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              boolean plain =
                  switch (Character.getType(point)) {
                    case Character.CONTROL,
                        Character.FORMAT,
                        Character.PRIVATE_USE,
                        Character.SURROGATE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR ->
                        false;
                    case Character.SPACE_SEPARATOR -> point == ' ';
                    default -> true;
                  };
              if (plain) {
                visible.appendCodePoint(point);
              } else {
                visible.append(String.format("\\u{%x}", point));
              }
            });
    return visible.toString();
  }
}
