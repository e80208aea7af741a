package dev.gatehouse.gateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file. */
final class Problems {

  private final String file;
  private final List<ConfigProblem> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(YamlDocument.Place place, String message) {
    found.add(new ConfigProblem(file, place.line(), place.column(), message));
  }

  /** Adds a problem of another file that belongs to this one. */
  void add(ConfigProblem problem) {
    found.add(problem);
  }

  void throwIfAny() throws ConfigException {
    if (!found.isEmpty()) {
      found.sort(
          Comparator.comparing(ConfigProblem::file)
              .thenComparingInt(ConfigProblem::line)
              .thenComparingInt(ConfigProblem::column));
      throw new ConfigException(found.stream().distinct().toList());
    }
  }
}
