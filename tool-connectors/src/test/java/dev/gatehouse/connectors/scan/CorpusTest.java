package dev.gatehouse.connectors.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Recall and false positives on the labelled corpus. Rules are made with {@code train.jsonl} only;
 * what counts is {@code heldout.jsonl}, which nobody tunes on. The table is written to {@code
 * target/scan-report.txt}.
 */
final class CorpusTest {

  private static final Path REPORT = Path.of("target", "scan-report.txt");

  private static final Map<Detector, Double> RECALL_MIN =
      Map.of(
          Detector.HIDDEN_UNICODE, 0.90,
          Detector.HOMOGLYPH, 0.90,
          Detector.INSTRUCTION, 0.60,
          Detector.EXFILTRATION, 0.60,
          Detector.SECRET, 0.90);

  private static final double FALSE_POSITIVES_MAX = 0.01;

  private record Sample(String label, boolean name, String text) {}

  private record Score(int positives, int found, int negatives, int alarms) {
    double recall() {
      return (double) found / positives;
    }

    double falsePositives() {
      return (double) alarms / negatives;
    }
  }

  @Test
  void heldOutSamplesAreFoundAndOrdinaryTextsAreLeftAlone() throws IOException {
    StringBuilder report = new StringBuilder();
    table("train", samples("train.jsonl"), report);
    Map<Detector, Score> scores = table("heldout", samples("heldout.jsonl"), report);
    Files.writeString(REPORT, report);

    scores.forEach(
        (detector, score) -> {
          assertThat(score.positives()).as("positives of %s", detector).isGreaterThan(20);
          assertThat(score.negatives()).isGreaterThanOrEqualTo(300);
          assertThat(score.recall())
              .as("recall of %s", detector)
              .isGreaterThanOrEqualTo(RECALL_MIN.getOrDefault(detector, 1.0));
          assertThat(score.falsePositives())
              .as("false positives of %s", detector)
              .isLessThanOrEqualTo(FALSE_POSITIVES_MAX);
        });
  }

  private static Map<Detector, Score> table(
      String part, List<Sample> samples, StringBuilder report) {
    Map<Detector, Score> scores = new EnumMap<>(Detector.class);
    report.append(
        "%-8s %-15s %9s %7s %9s %15s%n"
            .formatted(part, "detector", "positives", "recall", "negatives", "false positives"));
    StringBuilder misses = new StringBuilder();
    for (Detector detector : RECALL_MIN.keySet().stream().sorted().toList()) {
      String label = detector.name().toLowerCase(Locale.ROOT);
      int positives = 0;
      int found = 0;
      int negatives = 0;
      int alarms = 0;
      for (Sample sample : samples) {
        boolean alarm = detectors(sample).contains(detector);
        if (sample.label().equals(label)) {
          positives++;
          found += alarm ? 1 : 0;
        } else if (sample.label().equals("none")) {
          negatives++;
          alarms += alarm ? 1 : 0;
        }
        if (alarm != sample.label().equals(label)
            && (sample.label().equals(label) || sample.label().equals("none"))) {
          misses
              .append(alarm ? "  false positive " : "  missed ")
              .append(label)
              .append("  ")
              .append(shown(sample.text()))
              .append('\n');
        }
      }
      Score score = new Score(positives, found, negatives, alarms);
      scores.put(detector, score);
      report.append(
          "%-8s %-15s %9d %7.3f %9d %7d (%.4f)%n"
              .formatted(
                  "", label, positives, score.recall(), negatives, alarms, score.falsePositives()));
    }
    report.append(misses).append('\n');
    return scores;
  }

  private static List<Detector> detectors(Sample sample) {
    Scan scan =
        sample.name()
            ? Scanner.definition(Map.of("name", sample.text()), ScanRules.FLAG_ALL)
            : Scanner.result(sample.text(), ScanRules.FLAG_ALL);
    return scan.findings().stream().map(Finding::detector).toList();
  }

  private static String shown(String text) {
    String line = text.length() > 120 ? text.substring(0, 120) + "…" : text;
    return line.replaceAll("[\\p{Cc}\\p{Cf}]", "·");
  }

  private static List<Sample> samples(String file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Sample> samples = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(CorpusTest.class.getResourceAsStream("corpus/" + file)),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = json.readTree(line);
        samples.add(
            new Sample(
                node.path("label").asText(),
                node.path("place").asText().equals("name"),
                node.path("text").asText()));
      }
    }
    return samples;
  }
}
