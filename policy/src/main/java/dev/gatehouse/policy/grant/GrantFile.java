package dev.gatehouse.policy.grant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.approval.ApprovalId;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.approval.GrantScope;
import dev.gatehouse.core.approval.GrantTerms;
import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.file.WholeFile;
import dev.gatehouse.core.json.CanonicalJson;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Open grants in a small file: {@code {"v":1,"grants":[{"id":…,"scope":{…},"expires_at_ms":…,…}]}}.
 */
public final class GrantFile implements GrantKeeper {

  /** As many grants as there may be, with the longest reasons, and room to spare. */
  private static final long BYTES_MAX = 64 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final List<Grant> kept;

  private GrantFile(Path file, List<Grant> kept) {
    this.file = file;
    this.kept = kept;
  }

  /**
   * Reads the file, if there is one.
   *
   * @throws IOException when it cannot be read whole
   */
  public static GrantFile open(Path file) throws IOException {
    return new GrantFile(file, Files.exists(file) ? read(file) : List.of());
  }

  private static List<Grant> read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw unreadable(file, "is larger than " + BYTES_MAX + " bytes");
    }
    try {
      JsonNode tree = JSON.readTree(Files.readAllBytes(file));
      if (tree.path("v").asInt() != 1 || !tree.path("grants").isArray()) {
        throw new IllegalArgumentException("the version is 1");
      }
      List<Grant> grants = new ArrayList<>();
      tree.path("grants").forEach(one -> grants.add(grant(one)));
      return List.copyOf(grants);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw unreadable(file, "is not whole, or of a later version");
    }
  }

  private static IOException unreadable(Path file, String why) {
    return new IOException(
        file
            + " "
            + why
            + ", so nobody knows which grants are open; restore it, or remove it to begin with"
            + " none");
  }

  @Override
  public List<Grant> kept() {
    return kept;
  }

  @Override
  public void keep(List<Grant> open) throws IOException {
    WholeFile.replace(
        file,
        CanonicalJson.bytes(Map.of("v", 1, "grants", open.stream().map(GrantFile::tree).toList())));
  }

  private static Map<String, Object> tree(Grant grant) {
    Grant.Origin origin = grant.origin();
    return Map.of(
        "id", grant.id(),
        "scope", grant.scope().tree(),
        "opened_at_ms", grant.openedAt().toEpochMilli(),
        "expires_at_ms", grant.expiresAt().toEpochMilli(),
        "approval", origin.approval().value(),
        "call_id", origin.call().value(),
        "approved_by", origin.approvedBy(),
        "why", origin.why(),
        "terms",
            List.of(
                origin.terms().agent().hex(),
                origin.terms().policies().hex(),
                origin.terms().risk().hex()));
  }

  private static Grant grant(JsonNode tree) {
    JsonNode terms = member(tree, "terms");
    return new Grant(
        text(tree, "id"),
        scope(member(tree, "scope")),
        Instant.ofEpochMilli(number(tree, "opened_at_ms")),
        Instant.ofEpochMilli(number(tree, "expires_at_ms")),
        new Grant.Origin(
            new ApprovalId(text(tree, "approval")),
            new CallId(text(tree, "call_id")),
            text(tree, "approved_by"),
            text(tree, "why"),
            new GrantTerms(digest(terms.path(0)), digest(terms.path(1)), digest(terms.path(2)))));
  }

  private static GrantScope scope(JsonNode tree) {
    Set<OperationType> types = EnumSet.noneOf(OperationType.class);
    member(tree, "operation_types")
        .forEach(type -> types.add(OperationType.valueOf(type.asText().toUpperCase(Locale.ROOT))));
    return new GrantScope(
        new AgentId(text(tree, "agent")),
        text(tree, "connector"),
        tree.has("operation") ? Optional.of(text(tree, "operation")) : Optional.empty(),
        text(tree, "target"),
        types);
  }

  private static Digest digest(JsonNode node) {
    return new Digest(node.asText());
  }

  private static String text(JsonNode tree, String name) {
    JsonNode member = member(tree, name);
    if (!member.isTextual()) {
      throw new IllegalArgumentException(name + " is a text");
    }
    return member.textValue();
  }

  private static long number(JsonNode tree, String name) {
    JsonNode member = member(tree, name);
    if (!member.canConvertToLong()) {
      throw new IllegalArgumentException(name + " is a number");
    }
    return member.longValue();
  }

  private static JsonNode member(JsonNode tree, String name) {
    return Optional.ofNullable(tree.get(name))
        .orElseThrow(() -> new IllegalArgumentException("its " + name + " is missing"));
  }
}
