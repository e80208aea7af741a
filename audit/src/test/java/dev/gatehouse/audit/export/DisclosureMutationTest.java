package dev.gatehouse.audit.export;

import static dev.gatehouse.audit.LogFixture.durable;
import static dev.gatehouse.audit.LogFixture.event;
import static dev.gatehouse.audit.LogFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.audit.LogFixture;
import dev.gatehouse.audit.SegmentAuditLog;
import dev.gatehouse.audit.personal.Disclosure;
import dev.gatehouse.audit.personal.PersonalFields;
import dev.gatehouse.core.audit.AuditRow;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An export's disclosures are held against the rows that commit to them. Leaves every mutation
 * below {@code target/mutations-disclosed}, where the second verifier must find the same: {@code
 * build/mutations}.
 */
class DisclosureMutationTest {

  private static final String S1 = "gate1-1-standard";

  @TempDir Path temp;
  private LeftExports left;

  @BeforeEach
  void begin() throws Exception {
    left = LeftExports.in("mutations-disclosed");
  }

  /** Values that an export brings along, changed by somebody who need not touch the rows. */
  @Test
  void whateverIsDisclosedAndIsNotSoIsRefusedAtItsRow() throws Exception {
    LogFixture personal = new LogFixture(temp);
    personal.personal = new PersonalFields(Set.of("owner", "session"), "agent");
    try (SegmentAuditLog log = personal.open()) {
      durable(log, owned("c1", "a1")); // row 2
      durable(log, owned("c2", "a2"));
      durable(log, event(4));
      log.erase("a2", "ann", "asked for").toCompletableFuture().get(20, TimeUnit.SECONDS);
      durable(log, outcome("c1"));
      durable(log, outcome("c2"));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    AuditExport.write(
        personal.dir, personal.witness, out, new AuditExport.With(true, false), _ -> {});
    String good = out.toString(StandardCharsets.UTF_8);
    String pub = Files.readString(personal.dir.resolve("keys/checkpoint.pub"));
    String line =
        good.lines().filter(each -> each.startsWith("{\"disclosures\"")).findFirst().orElseThrow();
    String first = line.substring(line.indexOf("[\"") + 2, line.indexOf("\",\""));
    String erased = "{\"kind\":\"erased\",\"seq\":3}\n";
    Disclosure told = Disclosure.parse(first);
    String salt = new Disclosure("A".repeat(22), told.name(), told.value()).text();
    String value = new Disclosure(told.salt(), told.name(), "eve").text();
    String name = new Disclosure(told.salt(), "target", told.value()).text();

    left.judged("disclosed", good, pub, "sound");
    assertThat(good).contains(erased);
    left.judged(
        "disclosed-in-part",
        good.replace(line, line.replace("\"" + first + "\",", "")),
        pub,
        "sound");
    left.judged(
        "disclosed-not-at-all", good.replace(line + "\n", "").replace(erased, ""), pub, "sound");
    String here = S1 + "/2";
    left.judged("wrong-salt", good.replace(first, salt), pub, here);
    left.judged("wrong-value", good.replace(first, value), pub, here);
    left.judged("wrong-name", good.replace(first, name), pub, here);
    left.judged(
        "disclosed-twice", good.replace("\"" + first, "\"" + first + "\",\"" + first), pub, here);
    left.judged("disclosed-again", good.replace(line, line + "\n" + line), pub, here);
    left.judged("disclosure-unread", good.replace(first, "W10"), pub, here);
    left.judged("disclosure-of-no-text", good.replace("\"" + first + "\"", "5"), pub, here);
    left.judged(
        "disclosure-empty", good.replace(line, line.replaceFirst("\\[.*]", "[]")), pub, here);
    left.judged(
        "disclosed-of-another-row",
        good.replace(line, line.replace("\"seq\":2", "\"seq\":1")),
        pub,
        S1 + "/3");
    left.judged(
        "erased-of-nothing",
        good.replace(erased, "")
            .replace(",\"seq\":4,", ",\"seq\":4,")
            .replaceFirst(
                "(?m)^(.*\"row\":.*\"seq\":4,.*)$", "$1\n{\"kind\":\"erased\",\"seq\":4}"),
        pub,
        S1 + "/4");
    left.judged(
        "erased-and-more", good.replace(erased, erased.replace("}", ",\"to\":1}")), pub, S1 + "/3");
    left.judged(
        "disclosed-before-rows",
        good.replaceFirst(
            "\\{\"kind\":\"stream\"", erased.replace("\n", "") + "\n{\"kind\":\"stream\""),
        pub,
        "export/0");
    left.close();
  }

  private static AuditRow owned(String call, String agent) {
    return new AuditRow(
        Map.of(
            "type",
            "intent",
            "call_id",
            call,
            "verdict",
            "allow",
            "agent",
            agent,
            "owner",
            "ann@example.com",
            "session",
            "s-" + call));
  }
}
