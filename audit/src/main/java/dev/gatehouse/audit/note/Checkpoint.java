package dev.gatehouse.audit.note;

import java.time.Instant;

/**
 * A signed statement about a stream: so many rows, with this tree and this chain.
 *
 * @param stream the stream's name
 * @param number counts the stream's checkpoints from 1
 * @param rows how many rows it covers
 * @param root RFC 6962 tree head over them, 64 hexadecimal digits
 * @param link last link, 64 hexadecimal digits
 * @param at when it was signed
 */
public record Checkpoint(
    String stream, int number, long rows, String root, String link, Instant at) {}
