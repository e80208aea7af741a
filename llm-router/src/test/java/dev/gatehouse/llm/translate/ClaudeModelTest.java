package dev.gatehouse.llm.translate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaudeModelTest {

  @ParameterizedTest
  @CsvSource({
    "claude-2.1, false, true",
    "claude-3-7-sonnet-20250219, false, true",
    "claude-opus-4-20250514, false, true",
    "claude-opus-4@20250514, false, true",
    "claude-sonnet-4-5-20250929, false, true",
    "us.anthropic.claude-haiku-4-5-20251001-v1:0, false, true",
    "claude-opus-4-6, true, true",
    "anthropic.claude-opus-4-6-v1, true, true",
    "claude-sonnet-4.6, true, true",
    "claude-opus-4-7, true, false",
    "claude-opus-4-10, true, false",
    "claude-sonnet-5, true, false",
    "claude-fable-5-2, true, false",
    "claude-sonnet-5-20270101, true, false",
    "claude-mythos-preview, true, false",
    "MiniMax-M2, false, true"
  })
  void theNameTellsWhatAModelTakes(String name, boolean effort, boolean sampling) {
    assertThat(ClaudeModel.named(name)).isEqualTo(new ClaudeModel(effort, sampling));
  }
}
