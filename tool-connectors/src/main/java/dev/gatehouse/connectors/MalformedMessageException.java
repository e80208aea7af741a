package dev.gatehouse.connectors;

/** A message from an upstream is not what the protocol allows. Its message quotes no content. */
final class MalformedMessageException extends Exception {

  MalformedMessageException(String message) {
    super(message);
  }
}
