package dev.gatehouse.audit.note;

import java.util.ArrayList;
import java.util.List;

/** A text and its signature lines, as C2SP {@code signed-note} says: an empty line between them. */
final class SignedNote {

  private SignedNote() {}

  static String sign(String text, SignedHead head, CheckpointKey key) {
    StringBuilder note = new StringBuilder(text).append('\n');
    for (SigningKey each : key.keys()) {
      note.append(NoteSignature.line(each, head, text)).append('\n');
    }
    return note.toString();
  }

  /**
   * The note's text.
   *
   * @throws IllegalArgumentException when no signature follows it
   */
  static String text(String note) {
    int split = note.indexOf("\n\n");
    if (split < 0 || !note.endsWith("\n")) {
      throw new IllegalArgumentException("no signature");
    }
    return note.substring(0, split + 1);
  }

  /**
   * The keys among these that signed a note: one of each kind, in the order of {@link KeyKind}.
   *
   * @throws IllegalArgumentException when a kind is missing, or a line is no signature
   */
  static List<VerifierKey> signers(String note, SignedHead head, List<VerifierKey> keys) {
    String text = text(note);
    List<String> signatures =
        List.of(note.substring(text.length() + 1, note.length() - 1).split("\n", -1));
    List<VerifierKey> signers = new ArrayList<>();
    for (KeyKind kind : KeyKind.values()) {
      signers.add(
          keys.stream()
              .filter(key -> key.kind() == kind)
              .filter(
                  key ->
                      signatures.stream()
                          .anyMatch(line -> NoteSignature.signs(key, line, head, text)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException("no known key of kind " + kind + " signed it")));
    }
    if (signatures.stream().anyMatch(line -> !line.startsWith(NoteSignature.PREFIX))) {
      throw new IllegalArgumentException("a line behind its text is no signature");
    }
    return signers;
  }
}
