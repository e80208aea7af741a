package dev.gatehouse.gateway.config;

/**
 * One thing that is wrong with a config file.
 *
 * @param file the file as the user named it
 * @param line from 1
 * @param column from 1
 * @param message what is wrong, what was expected, and a suggestion where there is one; never the
 *     value of a secret
 */
public record ConfigProblem(String file, int line, int column, String message) {

  /** {@code file:line:column: message}, as compilers say it and editors find it. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + message;
  }
}
