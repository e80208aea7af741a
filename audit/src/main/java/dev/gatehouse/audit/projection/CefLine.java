package dev.gatehouse.audit.projection;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Common Event Format, version 0: {@code CEF:0|vendor|product|version|class|name|severity|key=value
 * …}. A backslash escapes itself, the pipe in the header, the equals sign in values; line breaks in
 * values become {@code \n} and {@code \r}, in the header a space.
 */
final class CefLine implements RowLine {

  private final String product;

  /**
   * @param product the gateway's version
   */
  CefLine(String product) {
    this.product = product;
  }

  @Override
  public String of(ProjectedRow row) {
    String code =
        row.ofCall() ? row.text("type") + ":" + row.text("action_type") : row.text("event");
    StringBuilder line = new StringBuilder("CEF:0");
    for (String part : new String[] {"Gatehouse", "Gatehouse", product, code, row.title()}) {
      line.append('|').append(header(part));
    }
    line.append('|').append(severity(row.severity())).append('|');
    String space = "";
    for (Map.Entry<String, String> each : extension(row).entrySet()) {
      if (!each.getValue().isEmpty()) {
        line.append(space).append(each.getKey()).append('=').append(value(each.getValue()));
        space = " ";
      }
    }
    return line.toString();
  }

  /** CEF counts from 0 to 10. */
  private static int severity(ProjectedRow.Severity severity) {
    return switch (severity) {
      case INFORMATIONAL -> 1;
      case LOW -> 4;
      case MEDIUM -> 6;
    };
  }

  private static Map<String, String> extension(ProjectedRow row) {
    Map<String, String> extension = new LinkedHashMap<>();
    extension.put("rt", Long.toString(row.stored().at().toEpochMilli()));
    extension.put("externalId", row.uid());
    extension.put("suser", row.text("agent"));
    extension.put("act", row.is("outcome") ? "" : row.text("verdict"));
    extension.put("outcome", row.text("outcome"));
    extension.put("reason", row.is("outcome") ? row.text("error") : row.text("reason"));
    extension.put("destinationServiceName", row.text("connector"));
    extension.put("requestMethod", row.text("operation_type"));
    extension.put("cs1Label", row.operation().isEmpty() ? "" : "operation");
    extension.put("cs1", row.operation());
    extension.put("cs2Label", row.text("call_id").isEmpty() ? "" : "call");
    extension.put("cs2", row.text("call_id"));
    extension.put("cs3Label", row.text("session").isEmpty() ? "" : "session");
    extension.put("cs3", row.text("session"));
    extension.put("cs4Label", row.text("rule").isEmpty() ? "" : "rule");
    extension.put("cs4", row.text("rule"));
    extension.put("cs5Label", row.text("provider_used").isEmpty() ? "" : "provider");
    extension.put("cs5", row.text("provider_used"));
    extension.put("cs6Label", "payloadHash");
    extension.put("cs6", row.payloadHash());
    return extension;
  }

  static String header(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("[\r\n]", " ");
  }

  static String value(String text) {
    return text.replace("\\", "\\\\").replace("=", "\\=").replace("\n", "\\n").replace("\r", "\\r");
  }
}
