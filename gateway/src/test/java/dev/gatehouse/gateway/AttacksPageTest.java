package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/attacks.md} names tests that there are. */
final class AttacksPageTest {

  private static final Path DOCS = Path.of("..", "docs");

  /** {@code [Class.method](file)} and {@code [file: name of a scenario](file)}. */
  private static final Pattern NAMED =
      Pattern.compile("\\[(?<owner>[\\w-]+)(?:\\.yaml: |\\.)(?<name>[^\\]]+)]\\((?<file>[^)]+)\\)");

  private static final Pattern TEST = Pattern.compile("@(?:Parameterized)?Test\\b");
  private static final Pattern METHOD = Pattern.compile("\\n  void (\\w+)\\(");

  @Test
  void eachTestThatItNamesIsThere() throws IOException {
    List<MatchResult> named = NAMED.matcher(page()).results().toList();
    assertThat(named).hasSizeGreaterThan(30);
    for (MatchResult one : named) {
      Path file = DOCS.resolve(one.group("file"));
      assertThat(file).isRegularFile();
      assertThat(file.getFileName().toString()).startsWith(one.group("owner") + ".");
      assertThat(Files.readString(file))
          .as(one.group())
          .contains(
              one.group("file").endsWith(".yaml")
                  ? "- name: \"" + one.group("name") + "\"\n"
                  : "\n  void " + one.group("name") + "(");
    }
  }

  @Test
  void eachRowNamesOneAtLeast() throws IOException {
    List<String> rows = page().lines().filter(line -> line.startsWith("| ")).skip(1).toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(15);
    assertThat(rows).allMatch(row -> NAMED.matcher(row).find());
  }

  @Test
  void eachAttackOnApprovalsIsOnIt() throws IOException {
    String attacks =
        Files.readString(
            Path.of("../policy/src/test/java/dev/gatehouse/policy/approval/AttacksTest.java"));
    List<String> tests = METHOD.matcher(attacks).results().map(method -> method.group(1)).toList();
    assertThat(tests).hasSameSizeAs(TEST.matcher(attacks).results().toList());
    assertThat(page()).contains(tests.stream().map(test -> "[AttacksTest." + test + "]").toList());
  }

  private static String page() throws IOException {
    return Files.readString(DOCS.resolve("attacks.md"));
  }
}
