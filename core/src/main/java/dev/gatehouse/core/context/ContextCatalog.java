package dev.gatehouse.core.context;

import dev.gatehouse.core.call.Principal;
import dev.gatehouse.core.tool.ToolCatalog.Subscription;
import dev.gatehouse.core.tool.ToolConnector;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All resources, templates and prompts of all connectors under their exposed names. Thread-safe;
 * reads are of an immutable snapshot and never block.
 */
public interface ContextCatalog {

  /** All of that kind, in the order of their names. */
  List<ContextDescriptor> list(ContextKind kind);

  /** The entry of exactly that exposed name. */
  Optional<ContextDescriptor> find(ContextKind kind, String name);

  /** What an exposed URI belongs to: the resource of that URI, else a template that makes it. */
  Optional<Located> locate(String uri);

  /**
   * What an exposed URI belongs to for that reader: as {@link #locate(String)}, else a resource
   * that one connector linked to in an answer to the very same principal.
   */
  default Optional<Located> locate(String uri, Principal reader) {
    return locate(uri);
  }

  /** The connector that serves the entry; empty when it went away after the catalog was read. */
  Optional<ToolConnector> connector(ContextDescriptor source);

  /** Has {@code listener} run, on any thread, with the kind of each list that changed. */
  Subscription onChange(Consumer<ContextKind> listener);

  /**
   * A resource found by its URI.
   *
   * @param source the listed resource, or the template that makes the URI
   * @param upstreamUri the URI by which the connector knows it
   */
  record Located(ContextDescriptor source, String upstreamUri) {}

  /** A catalog without entries, for houses without upstream servers. */
  ContextCatalog EMPTY =
      new ContextCatalog() {
        @Override
        public List<ContextDescriptor> list(ContextKind kind) {
          return List.of();
        }

        @Override
        public Optional<ContextDescriptor> find(ContextKind kind, String name) {
          return Optional.empty();
        }

        @Override
        public Optional<Located> locate(String uri) {
          return Optional.empty();
        }

        @Override
        public Optional<ToolConnector> connector(ContextDescriptor source) {
          return Optional.empty();
        }

        @Override
        public Subscription onChange(Consumer<ContextKind> listener) {
          return () -> {};
        }
      };
}
