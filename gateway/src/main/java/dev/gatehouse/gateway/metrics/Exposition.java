package dev.gatehouse.gateway.metrics;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** Text in the format that Prometheus scrapes, version 0.0.4. Not thread-safe. */
public final class Exposition {

  private final StringBuilder text = new StringBuilder(8 << 10);

  /** Begins a metric; its values follow at once. */
  public Exposition name(String name, String help, String type) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  /** Adds a value. */
  public Exposition value(String name, Map<String, String> labels, long value) {
    return line(name, labels, Long.toString(value));
  }

  /** Adds a length of time that is known in microseconds. */
  public Exposition seconds(String name, long micros) {
    return line(name, Map.of(), seconds(micros));
  }

  static String seconds(long micros) {
    return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
  }

  /** A metric of one value. */
  public Exposition single(String name, String help, String type, long value) {
    return name(name, help, type).value(name, Map.of(), value);
  }

  private Exposition line(String name, Map<String, String> labels, String value) {
    text.append(name);
    char before = '{';
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      text.append(before).append(label.getKey()).append("=\"");
      escape(label.getValue());
      text.append('"');
      before = ',';
    }
    text.append(labels.isEmpty() ? " " : "} ").append(value).append('\n');
    return this;
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      switch (value.charAt(i)) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(value.charAt(i));
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
