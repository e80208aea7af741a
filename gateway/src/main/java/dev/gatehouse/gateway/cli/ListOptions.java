package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Option;

/** The {@code --json} option of listing commands: the API's own answer, for scripts. */
final class ListOptions {

  @Option(names = "--json", description = "Print the answer as JSON, for scripts.")
  private boolean json;

  /** Prints the answer as JSON when asked to; true when it did. */
  boolean printed(JsonNode answer) {
    if (json) {
      System.out.println(answer.toPrettyString());
    }
    return json;
  }

  /** A cell: the text of a member, or a dash. */
  static String cell(JsonNode row, String member) {
    JsonNode value = row.path(member);
    String text = value.isContainerNode() ? value.toString() : value.asText("");
    return text.isEmpty() ? "-" : text;
  }
}
