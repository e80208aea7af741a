package dev.gatehouse.audit.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the index repeats of a row. One pass over its text, no tree. */
final class IndexedRow {

  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> MEMBERS =
      Set.of("type", "agent", "session", "tool", "verdict", "outcome");

  private final Map<String, String> texts = new HashMap<>();
  private final Set<String> providers = new TreeSet<>();

  private IndexedRow() {}

  static IndexedRow of(String json) throws IOException {
    IndexedRow row = new IndexedRow();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        row.member(parser, parser.currentName());
      }
    }
    return row;
  }

  private void member(JsonParser parser, String name) throws IOException {
    JsonToken token = parser.nextToken();
    if (name.equals("attempts") && token == JsonToken.START_ARRAY) {
      attempts(parser);
    } else if (token == JsonToken.VALUE_STRING && name.equals("provider_used")) {
      provider(parser.getText());
    } else if (token == JsonToken.VALUE_STRING && MEMBERS.contains(name)) {
      texts.put(name, parser.getText());
    } else {
      parser.skipChildren();
    }
  }

  private void attempts(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean provider = parser.currentName().equals("provider");
        if (parser.nextToken() == JsonToken.VALUE_STRING && provider) {
          provider(parser.getText());
        }
        parser.skipChildren();
      }
    }
  }

  private void provider(String name) {
    if (!name.isEmpty()) {
      providers.add(name);
    }
  }

  @Nullable String text(String member) {
    return texts.get(member);
  }

  /** The verdict; an outcome exists only of a call that was allowed. */
  @Nullable String verdict() {
    return "outcome".equals(texts.get("type")) ? "allow" : texts.get("verdict");
  }

  /** Every provider that was asked. */
  Set<String> providers() {
    return providers;
  }
}
