package dev.gatehouse.connectors.stdio;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds which request a line answers that is too long or malformed, from its two ends: servers
 * write the top-level {@code id} either near the beginning or as the last member. So only that
 * request is lost, not all that run.
 */
final class UnreadableAnswer {

  private static final String SPACE = "[ \\t]{0,8}";
  private static final Pattern FIRST =
      Pattern.compile(
          "^\\{(?:S\"jsonrpc\"S:S\"2\\.0\"S,)?S\"id\"S:S(\\d{1,18})S,".replace("S", SPACE));
  private static final Pattern LAST =
      Pattern.compile("[\\]}\"\\d],S\"id\"S:S(\\d{1,18})S\\}S$".replace("S", SPACE));

  private UnreadableAnswer() {}

  static OptionalLong id(byte[] head, byte[] tail) {
    Matcher first = FIRST.matcher(new String(head, StandardCharsets.ISO_8859_1));
    if (first.find()) {
      return OptionalLong.of(Long.parseLong(first.group(1)));
    }
    Matcher last = LAST.matcher(new String(tail, StandardCharsets.ISO_8859_1));
    return last.find() ? OptionalLong.of(Long.parseLong(last.group(1))) : OptionalLong.empty();
  }
}
