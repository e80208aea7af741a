package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** A command that shows one list of the admin API, as a table or as it came. */
abstract class ListCommand implements Callable<Integer> {

  /**
   * A column of the table.
   *
   * @param cell gives the text of a row
   */
  record Column(String heading, Function<JsonNode, String> cell) {

    /** A column that shows a member of each row. */
    static Column of(String heading, String member) {
      return new Column(heading, row -> ListOptions.cell(row, member));
    }
  }

  @Mixin private AdminClient admin = new AdminClient();
  @Mixin private ListOptions options = new ListOptions();
  private final String path;
  private final String member;
  private final String whenEmpty;
  private final List<Column> columns;

  /**
   * Shows a list.
   *
   * @param path where the admin API has it
   * @param member the member of the answer that holds it
   * @param whenEmpty the sentence that stands for a table without rows
   */
  ListCommand(String path, String member, String whenEmpty, Column... columns) {
    this.path = path;
    this.member = member;
    this.whenEmpty = whenEmpty;
    this.columns = List.of(columns);
  }

  @Override
  public final Integer call() {
    JsonNode answer = admin.get("/admin/v1/" + path);
    if (!options.printed(answer)) {
      Table table = new Table(columns.stream().map(Column::heading).toArray(String[]::new));
      for (JsonNode row : answer.path(member)) {
        table.add(columns.stream().map(column -> column.cell().apply(row)).toArray(String[]::new));
      }
      table.print(System.out, whenEmpty);
    }
    return 0;
  }
}
