package dev.gatehouse.gateway.config;

import dev.gatehouse.audit.AuditConfig;
import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.core.call.ModelCall;
import dev.gatehouse.core.text.Suggestion;
import dev.gatehouse.gateway.config.YamlDocument.Place;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a schema cannot say: names that must exist, names that must not stand twice, numbers that
 * must be in order.
 */
final class CrossReferences {

  private final YamlDocument document;
  private final Problems problems;
  private final Section root;

  CrossReferences(YamlDocument document, Problems problems) {
    this.document = document;
    this.problems = problems;
    this.root = Section.root(document.root());
  }

  void check(Collection<String> connectorClasses) {
    unique("agents", "id", "agent id");
    unique("operators", "name", "operator");
    unique("models", "name", "model");
    unique("policies", "policy", "policy");
    unique("notifications", "name", "receiver");
    credentialsBelongToOne();
    subjectsBelongToOneAndNameIssuers();
    modelsNameProviders();
    hostedProvidersHaveKeys();
    serversNameClasses(connectorClasses);
    agentsNameDataClasses(connectorClasses);
    inactiveAgentsSayWhy();
    agentsNameRetentionClasses();
    callbacksNameOperators();
    callbacksHaveSecretsOfTheirOwn();
    thresholdsAreInOrder();
    stepsAscend();
  }

  private void callbacksNameOperators() {
    Set<String> known = new TreeSet<>();
    root.sections("operators").forEach(operator -> known.add(operator.text("name", "")));
    for (Section receiver : root.sections("notifications")) {
      Section callback = receiver.section("callback");
      for (String name : callback.texts("operators")) {
        if (!known.contains(name)) {
          problems.add(
              document.placeOf(callback.at("operators")), unknown("operator", name, known));
        }
      }
    }
  }

  /** What we sign for one must not be good as an answer of another. */
  private void callbacksHaveSecretsOfTheirOwn() {
    Map<String, Place> seen = new HashMap<>();
    for (Section receiver : root.sections("notifications")) {
      if (receiver.has("secret")) {
        seen.putIfAbsent(receiver.text("secret", ""), document.placeOf(receiver.at("secret")));
      }
    }
    for (Section receiver : root.sections("notifications")) {
      Section callback = receiver.section("callback");
      if (callback.has("secret")) {
        Place here = document.placeOf(callback.at("secret"));
        Place first = seen.putIfAbsent(callback.text("secret", ""), here);
        if (first != null) {
          problems.add(
              here, "a callback has a secret of its own; this one stands at line " + first.line());
        }
      }
    }
  }

  private void unique(String list, String key, String what) {
    Map<String, Place> seen = new HashMap<>();
    for (Section element : root.sections(list)) {
      Place here = document.placeOf(element.at(key));
      Place first = seen.putIfAbsent(element.text(key, ""), here);
      if (first != null) {
        problems.add(
            here, what + " '" + element.text(key, "") + "' stands already at line " + first.line());
      }
    }
  }

  private void credentialsBelongToOne() {
    Map<String, Place> seen = new HashMap<>();
    for (String list : List.of("agents", "operators")) {
      for (Section owner : root.sections(list)) {
        for (Section credential : owner.sections("credentials")) {
          Place here = document.placeOf(credential.at("sha256"));
          Place first = seen.putIfAbsent(credential.text("sha256", ""), here);
          if (first != null) {
            problems.add(
                here,
                "this credential belongs already to the one at line "
                    + first.line()
                    + "; make a key of its own: gatehouse agent key");
          }
        }
      }
    }
  }

  private void subjectsBelongToOneAndNameIssuers() {
    Set<String> issuers = new TreeSet<>();
    root.section("auth").sections("issuers").forEach(i -> issuers.add(i.text("issuer", "")));
    Map<String, Place> seen = new HashMap<>();
    for (Section agent : root.sections("agents")) {
      for (Section subject : agent.sections("subjects")) {
        String issuer = subject.text("issuer", "");
        Place here = document.placeOf(subject.at("issuer"));
        if (!issuers.contains(issuer)) {
          problems.add(here, unknown("issuer", issuer, issuers));
        }
        Place first = seen.putIfAbsent(issuer + "\n" + subject.text("subject", ""), here);
        if (first != null) {
          problems.add(here, "this subject stands already at line " + first.line());
        }
      }
    }
  }

  private void modelsNameProviders() {
    Set<String> known = new TreeSet<>(root.members("providers").keySet());
    for (Section model : root.sections("models")) {
      for (Section candidate : model.sections("providers")) {
        boolean bare = candidate.node().isTextual();
        String name = bare ? candidate.node().asText() : candidate.text("provider", "");
        if (!known.contains(name)) {
          problems.add(
              document.placeOf(bare ? candidate.pointer() : candidate.at("provider")),
              unknown("provider", name, known));
        }
      }
    }
  }

  private void hostedProvidersHaveKeys() {
    root.members("providers")
        .forEach(
            (name, provider) -> {
              // Ollama has none, and Bedrock may sign with what its machine is given
              boolean keyless = List.of("ollama", "bedrock").contains(provider.text("type", ""));
              if (!keyless && !provider.has("base_url") && !provider.has("api_key")) {
                problems.add(
                    document.placeOf(provider.pointer()),
                    "provider '"
                        + name
                        + "' has no api_key; write api_key: ${…}, or a base_url that needs none");
              }
            });
  }

  private void serversNameClasses(Collection<String> defaults) {
    Set<String> known = new TreeSet<>(defaults);
    known.addAll(root.section("risk").textMap("connectors").keySet());
    root.members("mcpServers")
        .forEach(
            (_, server) -> {
              if (server.has("class") && !known.contains(server.text("class", ""))) {
                problems.add(
                    document.placeOf(server.at("class")),
                    unknown("connector class", server.text("class", ""), known)
                        + "; add it to risk.connectors");
              }
            });
  }

  private void agentsNameDataClasses(Collection<String> defaults) {
    Set<String> known = new TreeSet<>(defaults);
    known.add(UpstreamGovernance.STRICT.connectorClass());
    known.add(ModelCall.CONNECTOR);
    known.addAll(root.section("risk").textMap("connectors").keySet());
    root.sections("models").forEach(model -> model.optional("data_class").ifPresent(known::add));
    for (Section agent : root.sections("agents")) {
      List<String> declared = agent.texts("data_classes");
      for (int i = 0; i < declared.size(); i++) {
        if (!known.contains(declared.get(i))) {
          problems.add(
              document.placeOf(agent.at("data_classes") + "/" + i),
              unknown("data class", declared.get(i), known));
        }
      }
    }
  }

  private void inactiveAgentsSayWhy() {
    for (Section agent : root.sections("agents")) {
      if (!agent.text("status", "active").equals("active") && !agent.has("status_reason")) {
        problems.add(
            document.placeOf(agent.at("status")),
            "agent '"
                + agent.text("id", "")
                + "' is "
                + agent.text("status", "")
                + " without a status_reason");
      }
    }
  }

  private void agentsNameRetentionClasses() {
    Section audit = root.section("audit");
    Set<String> known = new TreeSet<>(audit.members("retention_classes").keySet());
    known.add(audit.text("retention_class", AuditConfig.RETENTION_CLASS));
    for (Section agent : root.sections("agents")) {
      String named = agent.text("retention_class", "");
      if (agent.has("retention_class") && !known.contains(named)) {
        problems.add(
            document.placeOf(agent.at("retention_class")),
            unknown("retention class", named, known) + "; add it to audit.retention_classes");
      }
    }
  }

  private void thresholdsAreInOrder() {
    Section risk = root.section("risk");
    if (risk.has("review_threshold")
        && risk.has("deny_threshold")
        && risk.integer("review_threshold", 0) > risk.integer("deny_threshold", 0)) {
      problems.add(
          document.placeOf(risk.at("review_threshold")),
          "review_threshold "
              + risk.integer("review_threshold", 0)
              + " lies above deny_threshold "
              + risk.integer("deny_threshold", 0));
    }
  }

  private void stepsAscend() {
    int before = 0;
    for (Section step : root.section("risk").sections("session_steps")) {
      int actions = step.integer("actions", 0);
      if (actions <= before) {
        problems.add(
            document.placeOf(step.at("actions")),
            "session_steps must ascend: " + actions + " follows " + before);
      }
      before = actions;
    }
  }

  private static String unknown(String what, String name, Set<String> known) {
    String advice =
        Suggestion.nearest(name, known)
            .map(best -> "; did you mean '" + best + "'?")
            .orElse(
                known.isEmpty() ? "; none is configured" : "; known: " + String.join(", ", known));
    return "unknown " + what + " '" + name + "'" + advice;
  }
}
