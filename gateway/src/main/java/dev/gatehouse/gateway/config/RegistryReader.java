package dev.gatehouse.gateway.config;

import dev.gatehouse.core.call.OperationType;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.registry.AgentId;
import dev.gatehouse.core.registry.AgentStatus;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.registry.AgentEntry;
import dev.gatehouse.registry.OperatorEntry;
import dev.gatehouse.registry.token.ClientKey;
import dev.gatehouse.registry.token.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code agents} and {@code operators}. */
final class RegistryReader {

  private final Building building;

  RegistryReader(Building building) {
    this.building = building;
  }

  List<AgentEntry> agents(Section root) {
    List<AgentEntry> agents = new ArrayList<>();
    root.sections("agents")
        .forEach(section -> building.attempt(section, () -> agent(section)).ifPresent(agents::add));
    return agents;
  }

  /** The retention class of each agent that has one of its own. */
  static Map<String, String> retention(Section root) {
    return root.sections("agents").stream()
        .filter(agent -> agent.has("retention_class"))
        .collect(
            Collectors.toMap(
                agent -> agent.text("id", ""),
                agent -> agent.text("retention_class", ""),
                (first, _) -> first)); // that an id stands twice is a problem of its own
  }

  List<OperatorEntry> operators(Section root) {
    List<OperatorEntry> operators = new ArrayList<>();
    for (Section section : root.sections("operators")) {
      building
          .attempt(
              section,
              () ->
                  new OperatorEntry(
                      section.text("name", ""),
                      Set.copyOf(section.texts("groups")),
                      credentials(section)))
          .ifPresent(operators::add);
    }
    return operators;
  }

  private static AgentEntry agent(Section section) {
    return new AgentEntry(
        new AgentId(section.text("id", "")),
        section.text("owner", ""),
        section.text("purpose", ""),
        section.textMap("labels"),
        credentials(section),
        subjects(section),
        globs(section, "tools"),
        operations(section),
        globs(section, "models"),
        globs(section, "resources"),
        globs(section, "prompts"),
        section.has("calls_per_minute")
            ? OptionalInt.of(section.integer("calls_per_minute", 1))
            : OptionalInt.empty(),
        BoundsReader.read(section),
        section.has("approval_hold")
            ? Optional.of(section.duration("approval_hold", Duration.ZERO))
            : Optional.empty(),
        section.sections("public_keys").stream().map(RegistryReader::clientKey).toList(),
        Words.constant(AgentStatus.class, section.text("status", "active")),
        section.text("status_reason", ""));
  }

  private static Set<Digest> credentials(Section section) {
    return section.sections("credentials").stream()
        .map(credential -> new Digest(credential.text("sha256", "")))
        .collect(Collectors.toSet());
  }

  /** The members of a JWK are texts, but for what the gateway does not need. */
  private static ClientKey clientKey(Section key) {
    Map<String, String> jwk = new HashMap<>();
    key.node().properties().forEach(member -> jwk.put(member.getKey(), member.getValue().asText()));
    return ClientKey.of(jwk);
  }

  private static Set<Subject> subjects(Section section) {
    return section.sections("subjects").stream()
        .map(subject -> new Subject(subject.text("issuer", ""), subject.text("subject", "")))
        .collect(Collectors.toSet());
  }

  private static List<Glob> globs(Section section, String key) {
    return section.texts(key).stream().map(Glob::new).toList();
  }

  private static Set<OperationType> operations(Section section) {
    return section.has("operations")
        ? section.texts("operations").stream().map(Words::operation).collect(Collectors.toSet())
        : EnumSet.allOf(OperationType.class);
  }
}
