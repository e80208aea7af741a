package dev.gatehouse.gateway.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces references in strings: {@code $VAR} in braces, with an optional {@code :-default}, and
 * {@code file:path} in braces. A doubled dollar sign before the brace stands for a literal one.
 * Paths are relative to the config file; a file's last line break is dropped. Values never appear
 * in problems.
 */
final class Interpolation {

  static final int FILE_BYTES_MAX = 64 * 1024;

  private static final Pattern POLICY_DIR =
      Pattern.compile("(?m)^policy_dir:[ \\t]*[\"']?([^\"'#\\r\\n]*[^\"'#\\s])");

  private static final Pattern REFERENCE =
      Pattern.compile(
          "\\$\\$\\{|\\$\\{(?:file:(?<file>[^}]+)|(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?|(?<bad>[^}]*))\\}");

  private final Map<String, String> environment;
  private final Path directory;

  Interpolation(Map<String, String> environment, Path directory) {
    this.environment = environment;
    this.directory = directory;
  }

  static boolean isNeeded(String text) {
    return text.contains("${");
  }

  /**
   * The config file itself and the files that it refers to, its policies among them, as far as it
   * can be read.
   */
  static List<Path> filesReferredTo(Path config) {
    List<Path> files = new ArrayList<>(List.of(config));
    try {
      String text = Files.readString(config);
      Matcher matcher = REFERENCE.matcher(text);
      while (matcher.find()) {
        if (matcher.group("file") != null) {
          files.add(config.toAbsolutePath().resolveSibling(matcher.group("file")));
        }
      }
      Matcher policies = POLICY_DIR.matcher(text);
      if (policies.find()) {
        files.addAll(policyFiles(config.toAbsolutePath().resolveSibling(policies.group(1))));
      }
    } catch (IOException e) {
      // The reload that follows says so to the operator.
    }
    return files;
  }

  /** The directory itself, whose time tells of files that come and go, and what it holds. */
  private static List<Path> policyFiles(Path directory) {
    List<Path> files = new ArrayList<>(List.of(directory));
    try {
      files.addAll(PolicyFiles.files(directory));
    } catch (ConfigException e) {
      // The reload that follows says so to the operator.
    }
    return files;
  }

  String resolve(String text, YamlDocument.Place place, Problems problems) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(out, Matcher.quoteReplacement(value(matcher, place, problems)));
    }
    return matcher.appendTail(out).toString();
  }

  private String value(Matcher matcher, YamlDocument.Place place, Problems problems) {
    if (matcher.group().equals("$${")) {
      return "${";
    }
    if (matcher.group("file") != null) {
      return file(matcher.group("file"), place, problems);
    }
    String name = matcher.group("name");
    if (name == null) {
      problems.add(
          place, "'" + matcher.group() + "' is none of ${VAR}, ${VAR:-default}, ${file:path}");
      return "";
    }
    String fallback = matcher.group("default");
    String value = environment.getOrDefault(name, "");
    if (!value.isEmpty()) {
      return value;
    }
    if (fallback == null) {
      problems.add(
          place,
          "environment variable " + name + " is not set; set it or write ${" + name + ":-default}");
      return "";
    }
    return fallback;
  }

  private String file(String name, YamlDocument.Place place, Problems problems) {
    Path path = directory.resolve(name);
    try {
      if (Files.size(path) > FILE_BYTES_MAX) {
        problems.add(place, "file " + path + " is larger than " + FILE_BYTES_MAX + " bytes");
        return "";
      }
      String text = Files.readString(path, StandardCharsets.UTF_8);
      return text.endsWith("\n") ? text.substring(0, text.length() - 1).stripTrailing() : text;
    } catch (IOException e) {
      problems.add(
          place,
          "cannot read file "
              + path
              + ": "
              + (Files.exists(path) ? "no permission, or not UTF-8" : "no such file"));
      return "";
    }
  }
}
