package dev.gatehouse.gateway.demo;

import java.io.PrintStream;

/** Where the demo says what happens, and keeps count of what went as it should. */
final class Stage {

  private final PrintStream out;
  private int step;
  private int failed;

  Stage(PrintStream out) {
    this.out = out;
  }

  void say(String text) {
    out.println(text);
  }

  /** Begins a step. */
  void step(String title) {
    out.println();
    out.println(++step + ". " + title);
  }

  /** A line of the step's story. */
  void tell(String text) {
    out.println("   " + text.replace("\n", "\n   "));
  }

  /** Says whether what had to happen did. */
  void expect(boolean happened, String what) {
    if (!happened) {
      failed++;
    }
    out.println("   " + (happened ? "✓ " : "✗ ") + what);
  }

  /** Whether everything happened. */
  boolean allHappened() {
    return failed == 0;
  }

  int steps() {
    return step;
  }
}
