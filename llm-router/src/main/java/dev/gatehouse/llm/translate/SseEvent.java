package dev.gatehouse.llm.translate;

/**
 * A server-sent event: its name and its data, without framing.
 *
 * @param name the {@code event:} field, empty when the protocol names none
 * @param data the joined {@code data:} lines, usually JSON
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public record SseEvent(String name, String data) {

  /** An event without a name. */
  static SseEvent unnamed(String data) {
    return new SseEvent("", data);
  }
}
