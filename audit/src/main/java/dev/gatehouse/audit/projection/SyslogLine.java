package dev.gatehouse.audit.projection;

import dev.gatehouse.audit.chain.StreamName;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * RFC 5424: facility 13 (log audit), the node as host name, the row's type as message id, its place
 * and hash as structured data, its text as the message. The row's text holds no line break, so a
 * line is a message.
 */
final class SyslogLine implements RowLine {

  private static final int LOG_AUDIT = 13 * 8;
  private static final int NOTICE = 5;
  private static final int WARNING = 4;
  private static final int INFORMATIONAL = 6;
  private static final int MSGID_MAX = 32;

  /** Six digits of a second at most: RFC 5424 section 6.2.3. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The enterprise number that RFC 5612 reserves for such uses; Gatehouse has none of its own. */
  private static final String SD_ID = "gatehouse@32473";

  @Override
  public String of(ProjectedRow row) {
    String stream = row.stored().receipt().stream();
    String host = StreamName.parse(stream).map(StreamName::node).orElse("-");
    return "<%d>1 %s %s gatehouse - %s [%s stream=\"%s\" seq=\"%d\" link=\"%s\" payloadHash=\"%s\"] %s"
        .formatted(
            LOG_AUDIT + severity(row.severity()),
            TIME.format(row.stored().at()),
            host,
            messageId(row.ofCall() ? row.text("type") : row.text("event")),
            SD_ID,
            parameter(stream),
            row.stored().receipt().seq(),
            row.stored().receipt().link(),
            row.payloadHash(),
            row.stored().json());
  }

  private static int severity(ProjectedRow.Severity severity) {
    return switch (severity) {
      case INFORMATIONAL -> INFORMATIONAL;
      case LOW -> NOTICE;
      case MEDIUM -> WARNING;
    };
  }

  /** 1 to 32 printable characters of ASCII. */
  static String messageId(String text) {
    String printable = text.replaceAll("[^!-~]", "_");
    String cut = printable.substring(0, Math.min(printable.length(), MSGID_MAX));
    return cut.isEmpty() ? "-" : cut;
  }

  static String parameter(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("]", "\\]");
  }
}
