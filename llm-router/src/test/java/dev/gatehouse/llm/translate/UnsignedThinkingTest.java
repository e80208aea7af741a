package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.llm.wire.Protocol;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnsignedThinkingTest {

  @Test
  void aRequestWithoutItIsTheSameObject() {
    Map<String, Object> request =
        Table.object(
            Table.parse(
                """
                {"messages": [
                  {"role": "user", "content": "A"},
                  {"role": "assistant", "content": [
                    {"type": "thinking", "thinking": "Hm", "signature": "sig"}]}]}
                """));
    assertThat(Translations.withoutForeign(Protocol.MESSAGES, request)).isSameAs(request);
  }

  @Test
  void onlyUnsignedThinkingIsTakenOut() {
    Map<String, Object> request =
        Table.object(
            Table.parse(
                """
                {"model": "m", "messages": [
                  {"role": "user", "content": "A"},
                  {"role": "assistant", "content": [
                    {"type": "thinking", "thinking": "a", "signature": "gatehouse-unsigned"}]},
                  {"role": "assistant", "content": [
                    {"type": "thinking", "thinking": "b", "signature": "gatehouse-unsigned"},
                    {"type": "thinking", "thinking": "c", "signature": "sig"},
                    {"type": "text", "text": "B"}]}]}
                """));
    assertThat(Table.normal(Translations.withoutForeign(Protocol.MESSAGES, request)))
        .isEqualTo(
            Table.parse(
                """
                {"model": "m", "messages": [
                  {"role": "user", "content": "A"},
                  {"role": "assistant", "content": [
                    {"type": "thinking", "thinking": "c", "signature": "sig"},
                    {"type": "text", "text": "B"}]}]}
                """));
  }
}
