package dev.gatehouse.connectors.scan;

/**
 * One thing found: what and where, never the content.
 *
 * @param pointer the JSON pointer of the string, or of the object whose member's name it is; parts
 *     of it that are no plain names stand as {@code *}
 * @param action what is done about it
 */
public record Finding(Detector detector, String pointer, ScanAction action) {

  /** The finding for rows and people, such as {@code secret:/content/0/text}. */
  public String place() {
    return detector.word() + ":" + pointer;
  }
}
