package dev.gatehouse.mcp.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whatever an upstream's schema and an agent's value hold: an answer, within the work that was
 * allowed. An input is the schema, a line end, the value.
 */
class SchemaCheckFuzzTest {

  private static final int STEPS = 20_000;
  private static final int FEW_STEPS = 50;
  private static final int OBJECTION_CHARS_MAX = 20_000;

  /**
   * Thousands of times what so many steps take; of this thread's own work, whoever else is busy.
   */
  private static final Duration CPU_MAX = Duration.ofSeconds(5);

  /** As deep and long as the endpoint takes values; numbers also as they come from pin files. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(120).build())
              .build());

  private static final ObjectMapper EXACT =
      JSON.copy().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final Object UNREADABLE = new Object();

  @FuzzTest(maxDuration = "2m")
  @DictionaryFile(resourcePath = "schema.dict")
  void anyValueIsHeldAgainstAnySchemaWithinItsBound(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    if (end < 0) {
      return;
    }
    for (ObjectMapper mapper : new ObjectMapper[] {JSON, EXACT}) {
      Object value = read(mapper, text.substring(end + 1));
      if (read(mapper, text.substring(0, end)) instanceof Map<?, ?> schema
          && !UNREADABLE.equals(value)) {
        hold(schema, value);
      }
    }
  }

  private static void hold(Map<?, ?> schema, @Nullable Object value) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Optional<String> objection = SchemaCheck.objection(schema, value, STEPS);
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;

    assertThat(Duration.ofNanos(nanos)).isLessThan(CPU_MAX);
    objection.ifPresent(said -> assertThat(said.length()).isBetween(1, OBJECTION_CHARS_MAX));
    assertThat(SchemaCheck.objection(schema, value, STEPS)).isEqualTo(objection);
    SchemaCheck.objection(schema, value, FEW_STEPS)
        .ifPresent(
            said ->
                assertThat(objection)
                    .as("more work allowed only finds what less found")
                    .contains(said));
    if (objection.isPresent() && !mentionsItself(schema)) {
      assertThat(SchemaCheck.objection(Map.of("not", schema), value, STEPS))
          .as("what surely does not fit surely fits the contrary")
          .isEmpty();
    }
  }

  /** References and identities mean something else once the schema stands inside another. */
  private static boolean mentionsItself(Map<?, ?> schema) {
    String text = schema.toString();
    return text.contains("$ref=") || text.contains("$id=") || text.contains("$schema=");
  }

  private static @Nullable Object read(ObjectMapper mapper, String text) {
    try {
      return mapper.readValue(text, Object.class);
    } catch (IOException | NumberFormatException e) { // the latter of exponents beyond an int
      return UNREADABLE;
    }
  }
}
