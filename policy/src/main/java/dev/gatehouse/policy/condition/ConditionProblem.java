package dev.gatehouse.policy.condition;

/**
 * What is wrong with an expression.
 *
 * @param line in the expression, from 1
 * @param column in the expression, from 1
 * @param message what is wrong, with a suggestion where there is one
 */
public record ConditionProblem(int line, int column, String message) {

  @Override
  public String toString() {
    return message + " (at " + line + ":" + column + " of the condition)";
  }
}
