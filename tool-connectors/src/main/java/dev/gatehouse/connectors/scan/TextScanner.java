package dev.gatehouse.connectors.scan;

import java.util.Set;

/** Runs the wanted detectors over one string. */
final class TextScanner {

  private TextScanner() {}

  /**
   * Finds what there is in a text.
   *
   * @param name whether the text is a name that models act on
   */
  static void find(String text, boolean name, Set<Detector> wanted, Spans spans) {
    if (text.isEmpty()) {
      return;
    }
    View view = View.of(text);
    if (wanted.contains(Detector.HIDDEN_UNICODE)) {
      HiddenCharacters.find(text, view.ascii(), spans);
    }
    if (wanted.contains(Detector.HOMOGLYPH) && !view.ascii()) {
      Homoglyphs.find(text, name, spans);
    }
    if (wanted.contains(Detector.SECRET)) {
      Secrets.find(view, spans);
    }
    if (wanted.contains(Detector.INSTRUCTION)) {
      Markup.find(view, spans);
    }
    if (wanted.contains(Detector.EXFILTRATION)) {
      Links.find(view, spans);
    }
    if (wanted.contains(Detector.INSTRUCTION) || wanted.contains(Detector.EXFILTRATION)) {
      Phrases.find(view, wanted, spans);
    }
  }
}
