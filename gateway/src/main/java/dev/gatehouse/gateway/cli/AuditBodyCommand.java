package dev.gatehouse.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.audit.body.Bodies;
import dev.gatehouse.audit.body.BodyReader;
import dev.gatehouse.audit.personal.VaultReader.Kept;
import dev.gatehouse.audit.read.AuditReader;
import dev.gatehouse.audit.read.AuditReader.Start;
import dev.gatehouse.audit.row.StoredRow;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.gateway.rows.RowText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatehouse audit body}: what a recorded call said, or what came of it. */
@Command(
    name = "body",
    description = {
      "Print what a recorded call said (its intent row) or what came of it (its outcome row), where"
          + " audit.bodies keeps that: arguments and results of tools as canonical JSON, requests"
          + " to and answers of models as they were sent; held against the digest in the row. Works"
          + " on files; the gateway may run or not."
    },
    mixinStandardHelpOptions = true)
final class AuditBodyCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ROW =
      Pattern.compile(
          "(?<stream>(?<node>.+)-[0-9]{1,18}-(?<class>[a-z0-9_]+))/(?<seq>[0-9]{1,16})");

  @Mixin private AuditPlace place = new AuditPlace();

  @Parameters(
      paramLabel = "ROW",
      description =
          "The intent or outcome row: STREAM/NUMBER as `audit query` prints it, or NUMBER.")
  private String row = "";

  @Option(
      names = "--json",
      description = "Print one JSON object: row, digest, and the body as text under \"body\".")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path dir = place.dir();
    Matcher named = ROW.matcher(named(dir));
    if (!named.matches()) {
      throw new CliException(
          "a row is named STREAM/NUMBER, such as gate1-1-standard/42, not '" + row + "'");
    }
    String stream = named.group("stream");
    long seq = Long.parseLong(named.group("seq"));
    String lineage = named.group("node") + "-" + named.group("class");
    JsonNode fields = JSON.readTree(stored(dir, lineage, stream, seq).json());
    String said = fields.path("body").asText();
    if (!said.equals("kept")) {
      throw new CliException(stream + "/" + seq + " has no body here: " + why(said));
    }
    String member = Bodies.digestOf(fields.path("type").asText());
    String digest = fields.path(member).asText();
    String body = body(dir, stream, seq);
    if (!Digest.of(BodyReader.bytes(body)).hex().equals(digest)) {
      throw new CliException(
          "what lies beside "
              + stream
              + "/"
              + seq
              + " is not what its digest is of; try: gatehouse"
              + " audit verify");
    }
    System.out.println(
        json ? asJson(stream + "/" + seq, member, digest, body) : RowText.shown(body));
    return 0;
  }

  private static String asJson(String row, String member, String digest, String body) {
    ObjectNode object = JSON.createObjectNode();
    return object.put("row", row).put(member, digest).put("body", body).toString();
  }

  private static String body(Path dir, String stream, long seq) throws IOException {
    return switch (BodyReader.of(dir).of(stream, seq)) {
      case Kept.Known(var text) -> text;
      case Kept.Erased(var key) ->
          throw new CliException(
              "the body of " + stream + "/" + seq + " was erased: key " + key + " is no more");
      case Kept.Absent _ ->
          throw new CliException(
              "the body of "
                  + stream
                  + "/"
                  + seq
                  + " is not here; was it let go? audit.bodies.keep,"
                  + " audit.bodies.total_bytes_max");
    };
  }

  private static String why(String said) {
    return switch (said) {
      case "too_long" -> "it was longer than audit.bodies.bytes_max";
      case "not_at_hand" -> "the call told the outcome of another one, without its arguments";
      case "not_text" -> "it was not UTF-8 text";
      default ->
          "it is no call's intent or outcome, or nothing came of the call, or audit.bodies kept no"
              + " arguments, requests or results then";
    };
  }

  private String named(Path dir) throws IOException {
    if (!row.matches("[0-9]{1,16}")) {
      return row;
    }
    List<String> streams = AuditReader.newestStreams(dir);
    if (streams.size() != 1) {
      throw new CliException(
          streams.isEmpty()
              ? "no rows at " + dir
              : "which stream? such as " + streams.getFirst() + "/" + row);
    }
    return streams.getFirst() + "/" + row;
  }

  private static StoredRow stored(Path dir, String lineage, String stream, long seq)
      throws IOException {
    try (AuditReader reader = AuditReader.open(dir, lineage, new Start.At(stream, seq))) {
      Optional<StoredRow> found = reader.poll();
      if (found.isPresent() && found.get().receipt().toString().equals(stream + "/" + seq)) {
        return found.get();
      }
    } catch (IOException e) {
      throw new CliException(
          "no row " + stream + "/" + seq + " at " + dir + ": " + e.getMessage(), e);
    }
    throw new CliException("no row " + stream + "/" + seq + " at " + dir);
  }
}
