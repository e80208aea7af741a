package dev.gatehouse.connectors.scan;

/**
 * A part of a string in which something was found.
 *
 * @param start index of its first character
 * @param end index after its last character
 */
record Span(Detector detector, int start, int end) {}
