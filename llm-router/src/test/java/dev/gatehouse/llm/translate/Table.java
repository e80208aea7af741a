package dev.gatehouse.llm.translate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** A table of cases in a JSON file beside the tests: an array of objects, each with a name. */
final class Table {

  static final Translation CHAT_TO_MESSAGES =
      Translations.chatToMessages(
          Translations.MAX_TOKENS_DEFAULT,
          InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));

  static final Translation MESSAGES_TO_CHAT = Translations.messagesToChat();

  private Table() {}

  /** One test a row. */
  static Stream<DynamicTest> tests(String file, ThrowingConsumer<Map<String, Object>> test) {
    return rows(file).stream()
        .map(row -> DynamicTest.dynamicTest((String) row.get("name"), () -> test.accept(row)));
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> rows(String file) {
    try (InputStream in = Objects.requireNonNull(Table.class.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return (List<Map<String, Object>>) Objects.requireNonNull(Json.parse(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(@Nullable Object value) {
    return (List<Object>) Objects.requireNonNull(value);
  }

  static Object parse(String json) {
    return Objects.requireNonNull(Json.parse(json));
  }

  static Map<String, Object> parse(byte[] body) {
    return object(parse(new String(body, StandardCharsets.UTF_8)));
  }

  /** The tree as it is read back: numbers of one value may be of several Java types before. */
  static Object normal(@Nullable Object tree) {
    return parse(Json.text(Objects.requireNonNull(tree)));
  }
}
