package dev.gatehouse.policy.grant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.core.approval.Grant;
import dev.gatehouse.core.file.WholeFile;
import dev.gatehouse.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Grants in a small file: {@code {"v":2,"grants":[{"id":…,"scope":{…},"expires_at_ms":…,…}],
 * "ended":[{"id":…,"until_ms":…,"why":…,…}]}}. Files of version 1, without those that ended, are
 * read.
 */
public final class GrantFile implements GrantKeeper {

  /** As many grants as there may be, with the longest reasons, and room to spare. */
  private static final long BYTES_MAX = 64 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final KeptGrants kept;

  private GrantFile(Path file, KeptGrants kept) {
    this.file = file;
    this.kept = kept;
  }

  /**
   * Reads the file, if there is one.
   *
   * @throws IOException when it cannot be read whole
   */
  public static GrantFile open(Path file) throws IOException {
    return new GrantFile(file, Files.exists(file) ? read(file) : KeptGrants.NONE);
  }

  private static KeptGrants read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw unreadable(file, "is larger than " + BYTES_MAX + " bytes");
    }
    try {
      JsonNode tree = JSON.readTree(Files.readAllBytes(file));
      int version = tree.path("v").asInt();
      boolean ends = version == 2;
      if (!(ends || version == 1)
          || !tree.path("grants").isArray()
          || (ends && !tree.path("ended").isArray())) {
        throw new IllegalArgumentException("the version is 2");
      }
      List<Grant> grants = new ArrayList<>();
      tree.path("grants").forEach(one -> grants.add(GrantTrees.grant(one)));
      List<EndedGrant> ended = new ArrayList<>();
      tree.path("ended").forEach(one -> ended.add(EndedGrant.of(GrantTrees.text(one, "id"), one)));
      return new KeptGrants(grants, ended);
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
  public KeptGrants kept() {
    return kept;
  }

  @Override
  public void keep(KeptGrants grants) throws IOException {
    WholeFile.replace(
        file,
        CanonicalJson.bytes(
            Map.of(
                "v",
                2,
                "grants",
                grants.open().stream().map(GrantTrees::tree).toList(),
                "ended",
                grants.ended().stream().map(GrantFile::ended).toList())));
  }

  private static Map<String, Object> ended(EndedGrant ended) {
    Map<String, Object> tree = new HashMap<>(ended.tree());
    tree.put("id", ended.id());
    return tree;
  }
}
