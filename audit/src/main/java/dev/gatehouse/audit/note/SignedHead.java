package dev.gatehouse.audit.note;

import java.time.Instant;

/**
 * What the signatures of a checkpoint are about: a log, its size and its tree.
 *
 * @param origin the log's name
 * @param size how many leaves it has
 * @param root RFC 6962 tree head over them, 64 hexadecimal digits
 * @param at when it was signed
 */
record SignedHead(String origin, long size, String root, Instant at) {}
