package dev.gatehouse.gateway.config;

import dev.gatehouse.gateway.state.StatePair;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code state} of each MCP server: which tool reads what another one changes. */
final class StatesReader {

  private final Building building;

  StatesReader(Building building) {
    this.building = building;
  }

  List<StatePair> read(Section root) {
    List<StatePair> pairs = new ArrayList<>();
    root.members("mcpServers")
        .forEach(
            (server, section) ->
                section
                    .members("state")
                    .forEach(
                        (operation, pair) ->
                            building
                                .attempt(pair, () -> pair(server, operation, pair))
                                .ifPresent(pairs::add)));
    return pairs;
  }

  private static StatePair pair(String server, String operation, Section pair) {
    return new StatePair(
        server,
        operation,
        pair.text("tool", ""),
        JsonValues.object(pair.section("arguments").node()),
        pair.texts("ignore"));
  }
}
