package dev.gatehouse.llm.translate;

/** How far a JSON object that comes in pieces has come: told by its brackets alone. */
final class JsonProgress {

  private int depth;
  private boolean begun;
  private boolean inString;
  private boolean escaped;

  void read(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      read(piece.charAt(i));
    }
  }

  /** Whether the object has been closed. */
  boolean complete() {
    return begun && depth == 0;
  }

  private void read(char c) {
    if (inString) {
      inString = escaped || c != '"';
      escaped = !escaped && c == '\\';
      return;
    }
    switch (c) {
      case '"' -> inString = true;
      case '{', '[' -> {
        begun = true;
        depth++;
      }
      case '}', ']' -> depth--;
      default -> {}
    }
  }
}
