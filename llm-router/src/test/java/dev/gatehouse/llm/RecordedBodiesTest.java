package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.json.Digest;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.wire.Protocol;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the rows of model calls bring along for a log that keeps bodies, and its digests. */
class RecordedBodiesTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private Map<String, Object> intent() {
    return lab.fixture.audit.rows("intent").getLast();
  }

  private String body(Map<String, Object> row) {
    return new String(lab.fixture.audit.body(row).orElseThrow(), StandardCharsets.UTF_8);
  }

  private static String sha256(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private void assertRecorded(String request, String answer) {
    assertThat(intent()).containsEntry("request_digest", sha256(request));
    assertThat(body(intent())).isEqualTo(request);
    assertThat(lab.outcome())
        .containsEntry("result_digest", sha256(answer))
        .containsEntry("response_bytes", (long) answer.getBytes(StandardCharsets.UTF_8).length);
    assertThat(body(lab.outcome())).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, false", "MESSAGES, false", "RESPONSES, false",
    "CHAT, true", "MESSAGES, true", "RESPONSES, true"
  })
  void requestAndAnswerAreAsTheClientHasThem(Protocol protocol, boolean stream) throws Exception {
    lab.provider("first", Words.type(protocol)).then(Words.good(protocol, stream));
    lab.start().gateway().keepAnswers(64 << 10);

    HttpResponse<String> reply = lab.ask(protocol, stream);

    assertRecorded(Words.request(protocol, "fast", stream), reply.body());
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void answerIsRecordedAsTranslated(boolean stream) throws Exception {
    lab.provider("first", ProviderType.ANTHROPIC).then(Words.good(Protocol.MESSAGES, stream));
    lab.start().gateway().keepAnswers(64 << 10);

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, stream);

    assertThat(reply.body()).contains("chat.completion");
    assertRecorded(Words.request(Protocol.CHAT, "fast", stream), reply.body());
  }

  @ParameterizedTest
  @EnumSource
  void ofABrokenStreamTheRecordHasWhatCameBeforeTheError(Protocol protocol) throws Exception {
    String[] all = Words.events(protocol);
    String[] half = Arrays.copyOf(all, all.length / 2 + 1);
    lab.provider("first", Words.type(protocol)).then(Provider.cutStream(half));
    lab.start().gateway().keepAnswers(64 << 10);

    HttpResponse<String> reply = lab.ask(protocol, true);

    String before = String.join("", half);
    assertThat(reply.body()).startsWith(before).hasSizeGreaterThan(before.length());
    assertRecorded(Words.request(protocol, "fast", true), before);
  }

  @Test
  void ofALongStreamNoMoreIsHeldThanTellsThatItIsTooLong() throws Exception {
    lab.provider("first", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, true));
    lab.start().gateway().keepAnswers(40);

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, true);

    assertThat(lab.outcome()).containsEntry("result_digest", sha256(reply.body()));
    assertThat(body(lab.outcome())).isEqualTo(reply.body().substring(0, 41));
  }

  @Test
  void nothingOfAStreamIsHeldWhenNothingIsKept() throws Exception {
    lab.provider("first", ProviderType.OPENAI).then(Words.good(Protocol.CHAT, true));
    lab.start();

    HttpResponse<String> reply = lab.ask(Protocol.CHAT, true);

    assertThat(lab.outcome()).containsEntry("result_digest", sha256(reply.body()));
    assertThat(body(lab.outcome())).isEmpty();
  }

  @Test
  void callThatNobodyServedHasNoResult() throws Exception {
    lab.provider("first", ProviderType.OPENAI)
        .then(Provider.json(400, Words.error(Protocol.CHAT, "invalid_request_error", "", "no")));
    lab.start();

    lab.ask(Protocol.CHAT, false);

    assertThat(lab.outcome()).doesNotContainKey("result_digest");
    assertThat(List.of(intent())).allMatch(row -> lab.fixture.audit.body(row).isPresent());
  }
}
