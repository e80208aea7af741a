package dev.gatehouse.core.context;

/** The lists that a server keeps besides its tools. */
public enum ContextKind {
  /** A resource under its URI. */
  RESOURCE,
  /** A family of resources under an RFC 6570 template. */
  RESOURCE_TEMPLATE,
  /** A prompt under its name. */
  PROMPT
}
