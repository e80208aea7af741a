package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.connectors.scan.Finding;
import dev.gatehouse.connectors.scan.ScanRules;
import dev.gatehouse.connectors.scan.Scanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code gatehouse scan}: what the scanner of definitions and results would find in a file, each
 * line of a text for itself.
 */
@Command(
    name = "scan",
    description =
        "Scan a text or JSON file for hidden characters, look-alikes, instructions to models,"
            + " exfiltration and secrets; exit 1 when something is found.",
    mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {

  /** The longest file that is read. */
  static final int FILE_BYTES_MAX = 64 << 20;

  @Parameters(paramLabel = "FILE", description = "A file; - for standard input.")
  private String file = "-";

  @Option(
      names = "--definition",
      description =
          "The file is the JSON definition of a tool: its names are held to stricter rules.")
  private boolean definition;

  @Override
  public Integer call() throws IOException {
    byte[] bytes = read();
    if (bytes.length > FILE_BYTES_MAX) {
      throw new CliException(file + " is larger than " + FILE_BYTES_MAX + " bytes");
    }
    Map<String, Finding> findings = find(new String(bytes, StandardCharsets.UTF_8));
    findings.keySet().forEach(System.out::println);
    System.err.println(
        findings.isEmpty() ? "Nothing found." : findings.size() + " found in " + file);
    return findings.isEmpty() ? 0 : 1;
  }

  private byte[] read() throws IOException {
    if (file.equals("-")) {
      return System.in.readNBytes(FILE_BYTES_MAX + 1);
    }
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw new CliException("no file at " + path);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(FILE_BYTES_MAX + 1);
    }
  }

  /** The findings by their place, as they are printed. */
  private Map<String, Finding> find(String text) {
    Map<String, Finding> found = new LinkedHashMap<>();
    Object tree = tree(text);
    if (tree instanceof Map<?, ?> || tree instanceof List<?>) {
      List<Finding> findings =
          definition && tree instanceof Map<?, ?> map
              ? Scanner.definition(members(map), ScanRules.FLAG_ALL).findings()
              : Scanner.result(tree, ScanRules.FLAG_ALL).findings();
      findings.forEach(one -> found.put(line(one, one.pointer()), one));
      return found;
    }
    List<Finding> ofLines =
        Scanner.result(Arrays.asList(text.split("\n", -1)), ScanRules.FLAG_ALL).findings();
    ofLines.forEach(one -> found.put(line(one, "line " + number(one.pointer())), one));
    // A phrase or a key may go on over the end of a line.
    for (Finding one : Scanner.result(text, ScanRules.FLAG_ALL).findings()) {
      if (ofLines.stream().noneMatch(known -> known.detector() == one.detector())) {
        found.put(line(one, "over several lines"), one);
      }
    }
    return found;
  }

  private static String line(Finding finding, String place) {
    return "%-16s %s".formatted(finding.detector().word(), place).stripTrailing();
  }

  private static String number(String pointer) {
    return pointer.isEmpty() ? "-" : String.valueOf(Integer.parseInt(pointer.substring(1)) + 1);
  }

  private static Object tree(String text) {
    try {
      Object tree =
          new ObjectMapper()
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .readValue(text, Object.class);
      return tree == null ? text : tree;
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  @SuppressWarnings("unchecked") // JSON objects have string keys
  private static Map<String, Object> members(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
