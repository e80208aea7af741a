package dev.gatehouse.audit.chain;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a stream, {@code node-epoch-class}: all rows of one retention class that one node
 * wrote between one start and the end of that process, or until the stream had become old.
 *
 * @param node letters, digits, dot, dash, underscore; at most 64 of them
 * @param epoch counts the streams of the lineage from 1
 * @param retentionClass lower-case letters, digits, underscore; at most 32 of them
 */
public record StreamName(String node, long epoch, String retentionClass) {

  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern CLASS = Pattern.compile("[a-z0-9_]{1,32}");
  private static final Pattern NAME =
      Pattern.compile("(" + NODE + ")-([1-9][0-9]{0,17})-(" + CLASS + ")");

  public StreamName {
    if (!NODE.matcher(node).matches()) {
      throw new IllegalArgumentException(
          "node: 1 to 64 letters, digits, dots, dashes or underscores, not '" + node + "'");
    }
    if (!CLASS.matcher(retentionClass).matches()) {
      throw new IllegalArgumentException(
          "retentionClass: 1 to 32 lower-case letters, digits or underscores, not '"
              + retentionClass
              + "'");
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epoch counts from 1, not " + epoch);
    }
  }

  /** Reads a name; empty for anything else, such as a stray file. */
  public static Optional<StreamName> parse(String text) {
    Matcher matcher = NAME.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new StreamName(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
        : Optional.empty();
  }

  /** Node and class: streams of one lineage follow each other, epoch by epoch. */
  public String lineage() {
    return node + "-" + retentionClass;
  }

  @Override
  public String toString() {
    return node + "-" + epoch + "-" + retentionClass;
  }
}
