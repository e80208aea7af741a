package dev.gatehouse.connectors.offer;

import dev.gatehouse.core.context.ContextDescriptor;
import java.util.Map;
import java.util.Set;

/** The lists that an MCP server keeps. */
public enum ListKind {
  TOOLS("tools", "tools/list", "tools", "name", "tool"),
  RESOURCES("resources", "resources/list", "resources", "uri", "resource"),
  TEMPLATES(
      "resources",
      "resources/templates/list",
      "resourceTemplates",
      "uriTemplate",
      "resource template"),
  PROMPTS("prompts", "prompts/list", "prompts", "name", "prompt");

  /** Longest name of a tool or a prompt at its upstream; MCP recommends 128. */
  public static final int NAME_LENGTH_MAX = 256;

  /** Most characters that stand before an upstream's URI, where it is exposed with one. */
  static final int URI_PREFIX_LENGTH_MAX = 128;

  /** Longest URI or template at its upstream. */
  public static final int URI_LENGTH_MAX =
      ContextDescriptor.NAME_LENGTH_MAX - URI_PREFIX_LENGTH_MAX;

  private final String capability;
  private final String method;
  private final String member;
  private final String key;
  private final String noun;

  ListKind(String capability, String method, String member, String key, String noun) {
    this.capability = capability;
    this.method = method;
    this.member = member;
    this.key = key;
    this.noun = noun;
  }

  /** The request that lists it. */
  public String method() {
    return method;
  }

  /** The member of the result that holds the list. */
  public String member() {
    return member;
  }

  /** The member of a definition that names it. */
  public String key() {
    return key;
  }

  /** What one entry is called, for people. */
  public String noun() {
    return noun;
  }

  /** Whether entries are named by URIs. */
  public boolean namedByUri() {
    return capability.equals("resources");
  }

  /** Longest name that is taken. */
  public int nameLengthMax() {
    return namedByUri() ? URI_LENGTH_MAX : NAME_LENGTH_MAX;
  }

  /**
   * Whether a server of these capabilities is asked for the list. For tools it always is: servers
   * that forget to declare them are common.
   */
  public boolean asked(Map<String, Object> capabilities) {
    return this == TOOLS || capabilities.get(capability) instanceof Map<?, ?>;
  }

  /** The capability that it belongs to. */
  public String capability() {
    return capability;
  }

  /** Whether a server of these capabilities says when it changes. */
  public boolean announced(Map<String, Object> capabilities) {
    return capabilities.get(capability) instanceof Map<?, ?> declared
        && Boolean.TRUE.equals(declared.get("listChanged"));
  }

  /** The lists that this notification says to have changed; none when it says nothing of lists. */
  public static Set<ListKind> changedBy(String notification) {
    return switch (notification) {
      case "notifications/tools/list_changed" -> Set.of(TOOLS);
      case "notifications/resources/list_changed" -> Set.of(RESOURCES, TEMPLATES);
      case "notifications/prompts/list_changed" -> Set.of(PROMPTS);
      default -> Set.of();
    };
  }
}
