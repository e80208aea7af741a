package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.answered;
import static dev.gatehouse.audit.LogFixture.called;
import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.body.BodyRules;
import dev.gatehouse.core.audit.AuditBody.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An export's bodies are held against the rows that have their digests, and none may be left out.
 * Leaves every mutation below {@code target/mutations-bodies}, where the second verifier must find
 * the same: {@code build/mutations}.
 */
class BodyMutationTest {

  private static final String S1 = "gate1-1-standard";
  private static final String ONE =
      "{\"id\":1,\"note\":\"für \\\"Ann\\\"\\u0001\u2028\",\"x\":2.5}";
  private static final String TWO = "{\"id\":2}";
  private static final String RESULT = "data: {\"id\":1}\n\n";
  private static final Duration KEEP = Duration.ofDays(10);

  @TempDir Path temp;
  private LeftExports left;

  @BeforeEach
  void begin() throws Exception {
    left = LeftExports.in("mutations-bodies");
  }

  @Test
  void bodiesThatAreNotWhatTheirRowsSayAreRefusedAtTheirRows() throws Exception {
    keptAndErased();
    letGo();
    left.close();
  }

  /**
   * Rows 2 and 3 have their bodies, that of 4 was erased, 5 has the result of row 2; of an export
   * of two streams.
   */
  private void keptAndErased() throws Exception {
    LogFixture log = fixture("kept");
    String before;
    try (SegmentAuditLog open = log.open()) {
      durable(open, called("c1", "a1", ONE)); // row 2
      durable(open, called("c2", "a1", TWO));
      durable(open, called("c3", "a2", TWO)); // row 4
      durable(open, answered("c1", "a1", BodyReader.bytes(RESULT))); // row 5
      for (String call : List.of("c2", "c3")) {
        durable(open, outcome(call));
      }
      var _ = open.checkpoint();
      before = exported(log);
      open.erase("a2", "ann", "asked for").toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    try (SegmentAuditLog open = log.open()) {
      durable(open, called("c4", "a1", TWO));
      durable(open, outcome("c4"));
    }
    String good = exported(log);
    String pub = Files.readString(log.dir.resolve("keys/checkpoint.pub"));
    String one = line(good, "\"kind\":\"body\",\"seq\":2}");
    String two = line(good, "\"kind\":\"body\",\"seq\":3}");
    String erased = line(good, "\"kind\":\"body_erased\",\"seq\":4}");
    String result = line(good, "\"kind\":\"body\",\"seq\":5}");
    String gone = "{\"kind\":\"body_gone\",\"seq\":3}\n";
    String said = ExportFormat.BODIES + "\n";
    String key = erased.substring(8, 24);

    left.judged("bodies", good, pub, "sound");
    left.judged("bodies-before-erasure", before, pub, "sound");
    String none =
        good.replaceAll("(?md)^\\{(\"body\"|\"key\":\"[0-9a-f]{16}\",\"kind\":\"body).*\n", "");
    left.judged("no-bodies", none.replace(said, ""), pub, "sound");

    left.judged("bodies-not-said", good.replace(said, ""), pub, S1 + "/3");
    left.judged("bodies-said-twice", good.replace(said, said + said), pub, "export/0");
    left.judged("bodies-said-late", good.replace(one, one + said), pub, S1 + "/3");
    left.judged(
        "bodies-said-and-more",
        good.replace(said, "{\"kind\":\"bodies\",\"x\":1}\n"),
        pub,
        "export/0");
    left.judged("bodies-left-out", none, pub, S1 + "/2");
    left.judged("body-left-out", good.replace(two, ""), pub, S1 + "/3");
    left.judged(
        "body-left-out-at-end",
        good.replace(two.replace("\"seq\":3", "\"seq\":2"), ""),
        pub,
        "gate1-2-standard/2");
    left.judged("erased-left-out", good.replace(erased, ""), pub, S1 + "/4");
    left.judged("body-changed", good.replace(two, two.replace("2}\"", "3}\"")), pub, S1 + "/3");
    left.judged(
        "body-spelt-otherwise",
        good.replace(two, two.replace("{\\\"id", "{ \\\"id")),
        pub,
        S1 + "/3");
    left.judged(
        "body-to-the-last-byte", good.replace(one, one.replace("2.5}", "2.5} ")), pub, S1 + "/2");
    left.judged(
        "bodies-swapped",
        good.replace(one, "1\n")
            .replace(two, one.replace("\"seq\":2", "\"seq\":3"))
            .replace("1\n{", two.replace("\"seq\":3", "\"seq\":2") + "{"),
        pub,
        S1 + "/2");
    left.judged("body-twice", good.replace(two, two + two), pub, S1 + "/4");
    left.judged(
        "body-of-another-row",
        good.replace(two, two.replace("\"seq\":3", "\"seq\":4")),
        pub,
        S1 + "/4");
    left.judged(
        "body-row-as-text",
        good.replace(two, two.replace("\"seq\":3", "\"seq\":\"3\"")),
        pub,
        S1 + "/4");
    left.judged(
        "body-no-text",
        good.replace(two, two.replaceFirst("\"body\":\".*\",\"kind", "\"body\":3,\"kind")),
        pub,
        S1 + "/3");
    left.judged(
        "body-and-more", good.replace(two, two.replace("}\n", ",\"x\":1}\n")), pub, S1 + "/3");
    left.judged("body-before-streams", good.replace(said, said + two), pub, "export/0");
    left.judged(
        "body-of-an-outcome",
        good.replaceFirst("(?md)^(.*\"type\":\"outcome\".*\"seq\":6,.*)$", "$1\n" + quoted(two, 6)),
        pub,
        S1 + "/7");
    left.judged("result-left-out", good.replace(result, ""), pub, S1 + "/5");
    left.judged("result-changed", good.replace(result, result.replace("1}", "2}")), pub, S1 + "/5");
    left.judged(
        "result-is-the-request",
        good.replace(result, one.replace("\"seq\":2", "\"seq\":5")),
        pub,
        S1 + "/5");
    left.judged(
        "request-is-the-result",
        good.replace(one, result.replace("\"seq\":5", "\"seq\":2")),
        pub,
        S1 + "/2");
    left.judged("result-called-gone", good.replace(result, gone.replace("3", "5")), pub, S1 + "/5");
    left.judged("body-called-gone", good.replace(two, gone), pub, S1 + "/3");
    left.judged(
        "first-body-called-gone", good.replace(one, gone.replace("3", "2")), pub, S1 + "/2");
    left.judged(
        "body-called-erased",
        good.replace(
            two, erased.replace("\"seq\":4", "\"seq\":3").replace(key, "0123456789abcdef")),
        pub,
        S1 + "/3");
    left.judged(
        "erased-by-another-key",
        good.replace(erased, erased.replace(key, "0123456789abcdef")),
        pub,
        S1 + "/4");
    left.judged("erased-and-gone", good.replace(erased, gone.replace("3", "4")), pub, S1 + "/4");
    left.judged(
        "erased-and-more-body",
        good.replace(erased, erased.replace("}\n", ",\"x\":1}\n")),
        pub,
        S1 + "/4");
  }

  private static String quoted(String body, int seq) {
    return body.strip().replace("\"seq\":3", "\"seq\":" + seq).replace("\\", "\\\\");
  }

  /** Bodies of rows 2 and 3 were let go, in front of row 4, which has its own. */
  private void letGo() throws Exception {
    LogFixture log = fixture("gone");
    try (SegmentAuditLog open = log.open()) {
      durable(open, called("c1", "a1", ONE)); // row 2
      durable(open, called("c2", "a1", TWO));
      log.clock.advance(KEEP.dividedBy(10).plusSeconds(1)); // another file is begun
      durable(open, called("c3", "a1", TWO)); // row 4
      for (String call : List.of("c1", "c2", "c3")) {
        durable(open, outcome(call));
      }
    }
    String kept = exported(log);
    Path dir = BodyReader.directory(log.dir).resolve(S1);
    try (Stream<Path> files = Files.list(dir)) {
      Path oldest = files.min(Comparator.naturalOrder()).orElseThrow();
      Files.setLastModifiedTime(oldest, FileTime.from(log.clock.instant().minus(KEEP.plusDays(1))));
    }
    try (SegmentAuditLog open = log.open()) {
      assertThat(open.letGoOfBodies()).isBetween(0, 1); // it may have done so by itself
    }
    String good = exported(log);
    String pub = Files.readString(log.dir.resolve("keys/checkpoint.pub"));
    String three = line(good, "\"kind\":\"body\",\"seq\":4}");
    String gone = "{\"kind\":\"body_gone\",\"seq\":4}\n";
    String first = line(kept, "\"kind\":\"body\",\"seq\":2}");
    String second = line(kept, "\"kind\":\"body\",\"seq\":3}");

    assertThat(good)
        .contains("\"event\":\"audit.bodies_let_go\"", "{\"kind\":\"body_gone\",\"seq\":3}");
    left.judged("let-go", good, pub, "sound");
    left.judged(
        "let-go-but-here",
        good.replace("{\"kind\":\"body_gone\",\"seq\":2}\n", first),
        pub,
        "sound");
    left.judged("let-go-and-one-more", good.replace(three, gone), pub, S1 + "/4");
    left.judged(
        "gone-and-nobody-said",
        kept.replace(first, "{\"kind\":\"body_gone\",\"seq\":2}\n"),
        pub,
        S1 + "/2");
    left.judged(
        "all-gone-and-nobody-said",
        kept.replace(first, "{\"kind\":\"body_gone\",\"seq\":2}\n")
            .replace(second, "{\"kind\":\"body_gone\",\"seq\":3}\n")
            .replace(three, gone),
        pub,
        S1 + "/2");
    left.judged(
        "gone-and-more",
        good.replace(
            "{\"kind\":\"body_gone\",\"seq\":2}", "{\"kind\":\"body_gone\",\"seq\":2,\"x\":1}"),
        pub,
        S1 + "/2");
  }

  private LogFixture fixture(String name) {
    LogFixture log = new LogFixture(temp.resolve(name));
    log.bodies = new BodyRules(EnumSet.allOf(Kind.class), 2_048, 16L << 20, KEEP);
    return log;
  }

  private static String exported(LogFixture log) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(log.dir, log.witness, out, new AuditExport.With(false, true), _ -> {});
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The first line that ends so, its end included. */
  private static String line(String export, String end) {
    return export.lines().filter(each -> each.endsWith(end)).findFirst().orElseThrow() + "\n";
  }
}
