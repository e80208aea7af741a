package dev.gatehouse.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String STATE = "rojo=00f067aa0ba902b7,tenant@vendor=t61rcWkgMzE";
  private static final String BAGGAGE = "userId=alice, serverNode=DF%2028;ttl=5 ;x,isProduction=";

  @Test
  void whatFollowsTheRulesIsPassedOnAsItCame() {
    assertThat(TraceContext.of(PARENT, STATE, BAGGAGE).members())
        .containsEntry("traceparent", PARENT)
        .containsEntry("tracestate", STATE)
        .containsEntry("baggage", BAGGAGE);
    assertThat(TraceContext.NONE.members()).isEmpty();
  }

  @Test
  void aStateWithoutItsParentIsLeftOutAndBaggageIsNot() {
    assertThat(TraceContext.of("", STATE, BAGGAGE)).isEqualTo(new TraceContext("", "", BAGGAGE));
    assertThat(TraceContext.of("00-zz", STATE, "")).isEqualTo(TraceContext.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
      })
  void aParentThatBreaksTheRulesIsNone(String parent) {
    assertThat(TraceContext.of(parent)).isEqualTo(TraceContext.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "A=1",
        "a=1,a=2",
        "a=b=c",
        "a=\n",
        "a=1\n",
        "a=1\r\nx: y",
        "=1",
        "ä=1",
        ",",
        "a="
      })
  void aStateThatBreaksTheRulesIsNone(String state) {
    assertThat(TraceContext.of(PARENT, state, "")).isEqualTo(TraceContext.of(PARENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=b c",
        "a=\"b\"",
        "a=1\r\nx: y",
        "a=1\r\n",
        "=1",
        "a=ä",
        "a=1,",
        ",a=1",
        "a b=1"
      })
  void baggageThatBreaksTheRulesIsNone(String baggage) {
    assertThat(TraceContext.of("", "", baggage)).isEqualTo(TraceContext.NONE);
  }

  @Test
  void aStateIsPassedOnUpToItsLengthWithoutItsOldestEntries() {
    String newest = "a=" + "x".repeat(254) + ",b=" + "x".repeat(253);
    assertThat(newest).hasSize(TraceContext.STATE_LENGTH_MAX);

    assertThat(TraceContext.of(PARENT, newest, "").state()).isEqualTo(newest);
    assertThat(TraceContext.of(PARENT, newest + ",c=1", "").state()).isEqualTo(newest);
    assertThat(TraceContext.of(PARENT, "c=1," + newest, "").state())
        .isEqualTo("c=1,a=" + "x".repeat(254));
    assertThat(TraceContext.of(PARENT, "a=" + "x".repeat(9_000), "").state()).isEmpty();
  }

  @Test
  void aStateHasAtMostSoManyEntries() {
    assertThat(TraceContext.of(PARENT, entries(TraceContext.STATE_ENTRIES_MAX), "").state())
        .isNotEmpty();
    assertThat(TraceContext.of(PARENT, entries(TraceContext.STATE_ENTRIES_MAX + 1), "").state())
        .isEmpty();
  }

  @Test
  void baggageHasAtMostSoManyEntriesAndCharacters() {
    String most = "a=" + "x".repeat(TraceContext.BAGGAGE_LENGTH_MAX - 2);

    assertThat(TraceContext.of("", "", entries(TraceContext.BAGGAGE_ENTRIES_MAX)).baggage())
        .isNotEmpty();
    assertThat(TraceContext.of("", "", entries(TraceContext.BAGGAGE_ENTRIES_MAX + 1)).baggage())
        .isEmpty();
    assertThat(TraceContext.of("", "", most).baggage()).isEqualTo(most);
    assertThat(TraceContext.of("", "", most + "x").baggage()).isEmpty();
  }

  @Test
  void aContextThatBreaksTheRulesCannotBeMade() {
    assertThatThrownBy(() -> new TraceContext("x", "", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TraceContext("", STATE, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TraceContext("", "", "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String entries(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i + "=1").collect(Collectors.joining(","));
  }
}
