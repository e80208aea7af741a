package dev.gatehouse.connectors.call;

import dev.gatehouse.connectors.catalog.ContextIndex;
import dev.gatehouse.connectors.json.Json;
import dev.gatehouse.connectors.rpc.RpcReply;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.GovernedCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts exposed URIs in the place of an upstream's own into what it answered. */
public final class ExposedResults {

  private ExposedResults() {}

  /** The reply as the agent gets it; the same where no URI differs. */
  public static RpcReply of(GovernedCall call, RpcReply reply, ContextIndex index) {
    boolean differs =
        index.renames(call.connector())
            || (call instanceof ContextCall context
                && context.kindOfCall() == ContextOperation.READ_RESOURCE
                && !context.name().equals(context.upstreamName()));
    return differs && reply instanceof RpcReply.Result result
        ? new RpcReply.Result(new Renaming(call, index).members(result.value()))
        : reply;
  }

  private record Renaming(GovernedCall call, ContextIndex index) {

    /** Contents of resources, messages of prompts, content of tools: wherever MCP has URIs. */
    Map<String, Object> members(Map<String, Object> result) {
      Map<String, Object> renamed = new LinkedHashMap<>(result);
      renamed.computeIfPresent("contents", (_, contents) -> each(contents, this::located));
      renamed.computeIfPresent("content", (_, content) -> each(content, this::block));
      renamed.computeIfPresent("messages", (_, messages) -> each(messages, this::message));
      return renamed;
    }

    private Map<String, Object> message(Map<String, Object> message) {
      Map<String, Object> renamed = new LinkedHashMap<>(message);
      renamed.computeIfPresent("content", (_, content) -> each(content, this::block));
      return renamed;
    }

    private Map<String, Object> block(Map<String, Object> block) {
      return switch (Json.text(block, "type")) {
        case "resource_link" -> located(block);
        case "resource" -> {
          Map<String, Object> renamed = new LinkedHashMap<>(block);
          renamed.computeIfPresent("resource", (_, resource) -> each(resource, this::located));
          yield renamed;
        }
        default -> block;
      };
    }

    private Map<String, Object> located(Map<String, Object> resource) {
      if (!(resource.get("uri") instanceof String uri)) {
        return resource;
      }
      Map<String, Object> renamed = new LinkedHashMap<>(resource);
      renamed.put("uri", exposed(uri));
      return renamed;
    }

    private String exposed(String uri) {
      return call instanceof ContextCall context && uri.equals(context.upstreamName())
          ? context.name()
          : index.exposed(call.connector(), uri);
    }

    /** Renames in an object, or in each object of a list. */
    private static Object each(Object value, Step step) {
      if (!(value instanceof List<?> list)) {
        return one(value, step);
      }
      List<@Nullable Object> renamed = new ArrayList<>(list.size());
      for (Object element : list) {
        renamed.add(element == null ? null : one(element, step));
      }
      return renamed;
    }

    @SuppressWarnings("unchecked") // every map in a tree has string keys
    private static Object one(Object value, Step step) {
      return value instanceof Map<?, ?> map ? step.of((Map<String, Object>) map) : value;
    }
  }

  @FunctionalInterface
  private interface Step {
    Map<String, Object> of(Map<String, Object> object);
  }
}
