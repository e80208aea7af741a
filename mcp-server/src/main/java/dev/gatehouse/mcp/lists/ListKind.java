package dev.gatehouse.mcp.lists;

import dev.gatehouse.core.context.ContextKind;

/** A list whose changes clients are told of. */
public enum ListKind {
  TOOLS("notifications/tools/list_changed", "toolsListChanged"),
  RESOURCES("notifications/resources/list_changed", "resourcesListChanged"),
  PROMPTS("notifications/prompts/list_changed", "promptsListChanged");

  private final String notification;
  private final String filter;

  ListKind(String notification, String filter) {
    this.notification = notification;
    this.filter = filter;
  }

  /** The method of the notification that tells of a change. */
  public String notification() {
    return notification;
  }

  /** How {@code subscriptions/listen} asks for it. */
  public String filter() {
    return filter;
  }

  /** The list that entries of that kind are told of with; templates go with resources. */
  static ListKind of(ContextKind kind) {
    return switch (kind) {
      case RESOURCE, RESOURCE_TEMPLATE -> RESOURCES;
      case PROMPT -> PROMPTS;
    };
  }
}
