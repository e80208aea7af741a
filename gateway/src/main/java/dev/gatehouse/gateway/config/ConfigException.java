package dev.gatehouse.gateway.config;

import java.util.List;
import java.util.stream.Collectors;

/** A config file was refused; carries every problem found, in the order of the file. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All problems. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
