package dev.gatehouse.gateway.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A notice in Slack's words: a line, its details as plain text, a link. Agents choose some of the
 * words, so none of them is read as markup: no mention, no link, no control character.
 */
final class SlackMessage {

  /** Slack refuses texts of more than 3,000 characters. */
  private static final int TEXT_LENGTH_MAX = 2_900;

  private SlackMessage() {}

  static Map<String, Object> of(Notice notice, Links links) {
    String headline = headline(notice);
    List<Object> blocks = new ArrayList<>();
    blocks.add(block("section", "plain_text", headline));
    blocks.add(block("section", "plain_text", details(notice)));
    notice
        .approval()
        .ifPresent(
            id ->
                blocks.add(
                    block("section", "mrkdwn", "<" + links.approval(id) + "|Look at " + id + ">")));
    return Map.of("text", escaped(headline), "blocks", blocks);
  }

  private static String headline(Notice notice) {
    return switch (notice.kind()) {
      case APPROVAL_REQUESTED ->
          "Approval wanted: agent %s calls %s, risk %s, until %s"
              .formatted(
                  said(notice, "agent"),
                  said(notice, "tool"),
                  said(notice, "risk"),
                  said(notice, "expires_at"));
      case APPROVAL_ENDED ->
          "Approval %s %s: agent %s, %s"
              .formatted(
                  said(notice, "approval"),
                  said(notice, "outcome"),
                  said(notice, "agent"),
                  said(notice, "tool"));
      case DRIFT_ALERT, DRIFT_DETECTED ->
          "Agent %s drifts (%s): %s"
              .formatted(said(notice, "agent"), said(notice, "severity"), said(notice, "reason"));
      case AGENT_SUSPENDED ->
          "Agent %s is suspended: %s".formatted(said(notice, "agent"), said(notice, "reason"));
      case KILL_SWITCH_STOPPED ->
          "%s stopped %s: %s"
              .formatted(said(notice, "by"), said(notice, "scope"), said(notice, "reason"));
      case KILL_SWITCH_LIFTED ->
          "%s lets %s go on: %s"
              .formatted(said(notice, "by"), said(notice, "scope"), said(notice, "reason"));
    };
  }

  private static String details(Notice notice) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(notice.details())
        .forEach((name, _) -> lines.add(name + ": " + said(notice, name)));
    lines.add("row: " + notice.row());
    return String.join("\n", lines);
  }

  private static String said(Notice notice, String name) {
    String text = String.valueOf(notice.details().getOrDefault(name, ""));
    return text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
  }

  private static Map<String, Object> block(String type, String form, String text) {
    String shown = text.substring(0, Math.min(text.length(), TEXT_LENGTH_MAX));
    return Map.of("type", type, "text", Map.of("type", form, "text", shown));
  }

  /** The fallback text is read as markup, whose three signs are these. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
