package dev.gatehouse.policy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One test for each scenario of {@code src/test/scenarios}. */
class ScenarioTest {

  private static final Path DIRECTORY = Path.of("src", "test", "scenarios");

  @TestFactory
  Stream<DynamicTest> scenarios() throws IOException {
    return read().stream()
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.file() + ": " + scenario.tree().text("name", "?"),
                    () -> {
                      try (Stage stage = new Stage(scenario.tree())) {
                        stage.play();
                      }
                    }));
  }

  @Test
  void thereAreMany() throws IOException {
    List<Scenario> scenarios = read();
    assertThat(scenarios).hasSizeGreaterThanOrEqualTo(150);
    assertThat(scenarios)
        .extracting(scenario -> scenario.file() + scenario.tree().text("name", ""))
        .doesNotHaveDuplicates();
  }

  private record Scenario(String file, Tree tree) {}

  private static List<Scenario> read() throws IOException {
    List<Scenario> scenarios = new ArrayList<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      files.sorted().forEach(file -> scenarios.addAll(read(file)));
    }
    return scenarios;
  }

  private static List<Scenario> read(Path file) {
    try {
      Tree content =
          Tree.of(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)))
              .only("given", "scenarios");
      return content.list("scenarios").stream()
          .map(
              scenario ->
                  new Scenario(
                      String.valueOf(file.getFileName()),
                      Tree.of(scenario).over(content.tree("given"))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
