package dev.gatehouse.gateway.config;

import java.util.Optional;
import java.util.function.Supplier;

/** Turns what a record's constructor objects to into a problem at the right place of the file. */
final class Building {

  private final YamlDocument document;
  private final Problems problems;
  private boolean complete = true;

  Building(YamlDocument document, Problems problems) {
    this.document = document;
    this.problems = problems;
  }

  /** The built value; empty, and a problem at the section, when the constructor refused it. */
  <T> Optional<T> attempt(Section section, Supplier<T> build) {
    try {
      return Optional.of(build.get());
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(document.placeOf(section.pointer()), String.valueOf(e.getMessage()));
      complete = false;
      return Optional.empty();
    }
  }

  /** Notes a problem with the value at that pointer. */
  void problem(String pointer, String message) {
    problems.add(document.placeOf(pointer), message);
    complete = false;
  }

  /** Whether everything so far could be built. */
  boolean complete() {
    return complete;
  }
}
