package dev.gatehouse.connectors.catalog;

import dev.gatehouse.connectors.config.UpstreamGovernance;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.UriTemplate;
import dev.gatehouse.core.context.ContextCatalog.Located;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The resources, templates and prompts of all upstreams under their exposed names. Immutable.
 *
 * <p>A URI belongs to the resource of exactly that URI; else to the template that makes it and
 * begins with the most literal characters; among equals to the first by name. A URI that several
 * connectors list belongs to none of them without the connector's name before it, and no template
 * gets it: else a connector could take over what another is read for, by listing it too.
 */
public final class ContextIndex {

  private record Template(ContextDescriptor source, UriTemplate matcher) {}

  /** An entry of a connector, by the connector's own name for it. */
  private record Own(String connector, String upstreamName) {}

  private static final Comparator<Template> MOST_SPECIFIC =
      Comparator.<Template>comparingInt(template -> -template.matcher().literalPrefix())
          .thenComparing(template -> template.source().name());

  private final Map<ContextKind, List<ContextDescriptor>> lists = new EnumMap<>(ContextKind.class);
  private final Map<ContextKind, Map<String, ContextDescriptor>> byName =
      new EnumMap<>(ContextKind.class);
  private final List<Template> templates = new ArrayList<>();
  private final Map<Own, String> renamed = new HashMap<>();
  private final Set<String> renaming = new HashSet<>();
  private final Set<String> contested = new HashSet<>();

  private ContextIndex() {}

  /** Names what all upstreams contribute. */
  static ContextIndex of(Collection<Contribution> contributions) {
    ContextIndex index = new ContextIndex();
    index.addByUri(ContextKind.RESOURCE, Contribution.byUri(contributions, ListKind.RESOURCES));
    index.addByUri(
        ContextKind.RESOURCE_TEMPLATE, Contribution.byUri(contributions, ListKind.TEMPLATES));
    index.addPrompts(Contribution.named(contributions, ListKind.PROMPTS));
    for (ContextDescriptor source : index.list(ContextKind.RESOURCE_TEMPLATE)) {
      UriTemplate.parse(source.name())
          .ifPresent(matcher -> index.templates.add(new Template(source, matcher)));
    }
    index.templates.sort(MOST_SPECIFIC);
    return index;
  }

  /** All of that kind, in the order of their names. */
  public List<ContextDescriptor> list(ContextKind kind) {
    return lists.getOrDefault(kind, List.of());
  }

  public Optional<ContextDescriptor> find(ContextKind kind, String name) {
    return Optional.ofNullable(byName.getOrDefault(kind, Map.of()).get(name));
  }

  /** What an exposed URI belongs to. */
  public Optional<Located> locate(String uri) {
    Optional<ContextDescriptor> exact = find(ContextKind.RESOURCE, uri);
    if (exact.isPresent() || contested.contains(uri)) {
      return exact.map(resource -> new Located(resource, resource.upstreamName()));
    }
    if (uri.length() > ContextDescriptor.NAME_LENGTH_MAX) {
      return Optional.empty();
    }
    for (Template template : templates) {
      if (template.matcher().matches(uri)) {
        return Optional.of(new Located(template.source(), upstreamUri(template.source(), uri)));
      }
    }
    return Optional.empty();
  }

  /** Whether anybody lists that URI or a template that makes it, be it several. */
  public boolean isOffered(String uri) {
    return contested.contains(uri) || locate(uri).isPresent();
  }

  /** The exposed form of a URI that this connector gave in an answer. */
  public String exposed(String connector, String upstreamUri) {
    if (!renaming.contains(connector)) {
      return upstreamUri;
    }
    String resource = renamed.get(new Own(connector, upstreamUri));
    if (resource != null) {
      return resource;
    }
    if (upstreamUri.length() <= ListKind.URI_LENGTH_MAX
        && find(ContextKind.RESOURCE, upstreamUri)
            .filter(own -> own.connector().equals(connector))
            .isEmpty()) {
      for (Template template : templates) {
        String uri = prefix(template.source()) + upstreamUri;
        if (template.source().connector().equals(connector) && template.matcher().matches(uri)) {
          return uri;
        }
      }
    }
    return upstreamUri;
  }

  /** Whether this connector has entries whose exposed URI is not their own. */
  public boolean renames(String connector) {
    return renaming.contains(connector);
  }

  private void addByUri(ContextKind kind, Map<ExposedUris.Candidate, Contribution.Part> parts) {
    Map<ExposedUris.Candidate, String> uris = ExposedUris.of(List.copyOf(parts.keySet()));
    List<ContextDescriptor> named = new ArrayList<>();
    parts.forEach(
        (candidate, part) -> {
          String uri = uris.getOrDefault(candidate, candidate.uri());
          String key = kind == ContextKind.RESOURCE ? "uri" : "uriTemplate";
          named.add(descriptor(kind, part, uri, key));
          if (!uri.equals(candidate.uri())) {
            renaming.add(candidate.connector());
            if (kind == ContextKind.RESOURCE) {
              renamed.put(new Own(candidate.connector(), candidate.uri()), uri);
              contested.add(candidate.uri());
            }
          }
        });
    add(kind, named);
  }

  private void addPrompts(Map<ExposedNames.Candidate, Contribution.Part> parts) {
    Map<ExposedNames.Candidate, String> names = ExposedNames.of(List.copyOf(parts.keySet()));
    List<ContextDescriptor> named = new ArrayList<>();
    parts.forEach(
        (candidate, part) ->
            named.add(
                descriptor(ContextKind.PROMPT, part, names.getOrDefault(candidate, ""), "name")));
    add(ContextKind.PROMPT, named);
  }

  private void add(ContextKind kind, List<ContextDescriptor> named) {
    named.sort(Comparator.comparing(ContextDescriptor::name));
    Map<String, ContextDescriptor> index = new HashMap<>();
    named.forEach(entry -> index.put(entry.name(), entry));
    lists.put(kind, List.copyOf(named));
    byName.put(kind, index);
  }

  private static ContextDescriptor descriptor(
      ContextKind kind, Contribution.Part part, String name, String key) {
    Map<String, Object> definition = new LinkedHashMap<>(part.entry().definition());
    definition.put(key, name);
    UpstreamGovernance governance = part.config().governance();
    return new ContextDescriptor(
        kind,
        name,
        part.config().name(),
        part.entry().name(),
        definition,
        governance.connectorClass(),
        governance.environment());
  }

  /** The URI as the template's connector knows it. */
  private static String upstreamUri(ContextDescriptor template, String uri) {
    return uri.substring(prefix(template).length());
  }

  /** What stands before the connector's own URI in the exposed one. */
  private static String prefix(ContextDescriptor source) {
    return source.name().substring(0, source.name().length() - source.upstreamName().length());
  }
}
