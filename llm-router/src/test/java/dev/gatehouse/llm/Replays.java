package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.RoutingRecord;
import dev.gatehouse.llm.replay.LlmReplay;
import dev.gatehouse.llm.replay.NotReplayableException;
import dev.gatehouse.llm.replay.RecordedCall;
import dev.gatehouse.llm.replay.Replayed;
import dev.gatehouse.llm.wire.Json;
import java.util.Map;

/** Rows as they come back from the log, decided again. */
final class Replays {

  private Replays() {}

  /** A row after a way through its canonical text. */
  static Map<String, Object> read(Map<String, Object> row) {
    return Json.tree(CanonicalJson.exactBytes(row));
  }

  static RecordedCall call(Map<String, Object> outcome) throws NotReplayableException {
    return RecordedCall.read(read(outcome));
  }

  static RoutingRecord routing(LlmConfig config) {
    return RoutingRecord.read(read(RoutingRecord.of(config).tree()));
  }

  /** Decides a call again as that config did, which must have been in force. */
  static Replayed again(Map<String, Object> outcome, LlmConfig config)
      throws NotReplayableException {
    return LlmReplay.again(call(outcome), routing(config));
  }

  /** Nothing in the row is other than what its call's decision gives once more. */
  static void assertDecidedAgain(Map<String, Object> outcome, LlmConfig config)
      throws NotReplayableException {
    assertThat(again(outcome, config).difference()).as("%s", outcome).isEmpty();
  }
}
