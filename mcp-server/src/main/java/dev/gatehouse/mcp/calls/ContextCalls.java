package dev.gatehouse.mcp.calls;

import dev.gatehouse.core.call.CallId;
import dev.gatehouse.core.call.ContextCall;
import dev.gatehouse.core.call.ContextOperation;
import dev.gatehouse.core.call.Deadline;
import dev.gatehouse.core.context.ContextCatalog;
import dev.gatehouse.core.context.ContextCatalog.Located;
import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.mcp.config.McpTimes;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Replier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@code resources/read}, {@code prompts/get} and {@code completion/complete}: governed calls that
 * read, from their params to their answer.
 */
public final class ContextCalls {

  private final CallParts parts;
  private final RandomGenerator random;

  public ContextCalls(CallParts parts, RandomGenerator random) {
    this.parts = parts;
    this.random = random;
  }

  /** {@code resources/read}. */
  public void readResource(Invocation invocation, Replier replier) {
    Object uri = invocation.params().get("uri");
    if (!(uri instanceof String exposed) || exposed.isEmpty()) {
      replier.error(RpcError.invalidParams("params.uri must be the URI of a resource"));
      return;
    }
    RpcError unknown = RpcError.resourceNotFound(exposed);
    resource(invocation, exposed, ContextOperation.READ_RESOURCE)
        .ifPresentOrElse(
            call -> start(call, invocation, replier, unknown), () -> replier.error(unknown));
  }

  /** {@code prompts/get}. */
  public void getPrompt(Invocation invocation, Replier replier) {
    if (!(invocation.params().get("name") instanceof String name) || name.isEmpty()) {
      replier.error(RpcError.invalidParams("params.name must be the name of a prompt"));
      return;
    }
    Map<String, Object> arguments = strings(invocation.params().get("arguments"));
    if (arguments == null) {
      replier.error(RpcError.invalidParams("params.arguments must be an object of strings"));
      return;
    }
    RpcError unknown = unknownPrompt(name);
    parts
        .ports()
        .contexts()
        .find(ContextKind.PROMPT, name)
        .ifPresentOrElse(
            prompt ->
                start(
                    call(
                        invocation,
                        prompt,
                        ContextOperation.GET_PROMPT,
                        name,
                        prompt.upstreamName(),
                        Map.of("arguments", arguments),
                        parts.config().get().times().callBudget()),
                    invocation,
                    replier,
                    unknown),
            () -> replier.error(unknown));
  }

  /** {@code completion/complete}. */
  public void complete(Invocation invocation, Replier replier) {
    Map<String, Object> asked = completion(invocation.params());
    if (asked == null) {
      replier.error(
          RpcError.invalidParams(
              "params.argument must be an object with name and value, and context.arguments, if"
                  + " there, an object of strings"));
      return;
    }
    if (!(invocation.params().get("ref") instanceof Map<?, ?> ref)) {
      replier.error(RpcError.invalidParams("params.ref must be an object"));
    } else if ("ref/prompt".equals(ref.get("type")) && ref.get("name") instanceof String name) {
      complete(
          invocation,
          name,
          parts
              .ports()
              .contexts()
              .find(ContextKind.PROMPT, name)
              .map(prompt -> new Located(prompt, prompt.upstreamName())),
          asked,
          replier,
          unknownPrompt(name));
    } else if ("ref/resource".equals(ref.get("type")) && ref.get("uri") instanceof String uri) {
      complete(
          invocation,
          uri,
          parts
              .ports()
              .contexts()
              .find(ContextKind.RESOURCE_TEMPLATE, uri)
              .map(template -> new Located(template, template.upstreamName()))
              .or(() -> parts.ports().contexts().locate(uri)),
          asked,
          replier,
          RpcError.invalidParams("Unknown resource template: " + RpcError.shortened(uri)));
    } else {
      replier.error(
          RpcError.invalidParams(
              "params.ref must be a ref/prompt with name or a ref/resource with uri"));
    }
  }

  private void complete(
      Invocation invocation,
      String name,
      Optional<Located> found,
      Map<String, Object> asked,
      Replier replier,
      RpcError unknown) {
    found.ifPresentOrElse(
        located ->
            start(
                call(
                    invocation,
                    located.source(),
                    ContextOperation.COMPLETE,
                    name,
                    located.upstreamUri(),
                    asked,
                    parts.config().get().times().callBudget()),
                invocation,
                replier,
                unknown),
        () -> replier.error(unknown));
  }

  /** A call about the resource of that URI; empty when there is none. */
  public Optional<ContextCall> resource(
      Invocation invocation, String uri, ContextOperation operation) {
    McpTimes times = parts.config().get().times();
    Duration budget =
        operation == ContextOperation.SUBSCRIBE ? times.subscribeBudget() : times.callBudget();
    ContextCatalog contexts = parts.ports().contexts();
    return uri.length() > ContextDescriptor.NAME_LENGTH_MAX
        ? Optional.empty()
        : (operation == ContextOperation.READ_RESOURCE
                ? contexts.locate(uri, invocation.principal())
                : contexts.locate(uri))
            .map(
                located ->
                    call(
                        invocation,
                        located.source(),
                        operation,
                        uri,
                        located.upstreamUri(),
                        Map.of(),
                        budget));
  }

  private ContextCall call(
      Invocation invocation,
      ContextDescriptor source,
      ContextOperation operation,
      String name,
      String upstreamName,
      Map<String, Object> params,
      Duration budget) {
    return ContextCall.of(
        CallId.next(parts.ports().clock(), random),
        invocation.principal(),
        invocation.session(),
        source,
        operation,
        name,
        upstreamName,
        params,
        Deadline.after(budget, parts.ports().clock()),
        invocation.meta().trace());
  }

  private void start(ContextCall call, Invocation invocation, Replier replier, RpcError unknown) {
    new CallFlow(parts, call, invocation.meta(), replier, unknown).start();
  }

  private static RpcError unknownPrompt(String name) {
    return RpcError.invalidParams("Unknown prompt: " + RpcError.shortened(name));
  }

  /** What a completion asks, without what it refers to; null when it is malformed. */
  private static @Nullable Map<String, Object> completion(Map<String, Object> params) {
    if (!(params.get("argument") instanceof Map<?, ?> argument)
        || !(argument.get("name") instanceof String name)
        || !(argument.get("value") instanceof String value)) {
      return null;
    }
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("argument", Map.of("name", name, "value", value));
    if (params.get("context") instanceof Map<?, ?> context) {
      Map<String, Object> resolved = strings(context.get("arguments"));
      if (resolved == null) {
        return null;
      }
      asked.put("context", Map.of("arguments", resolved));
    }
    return asked;
  }

  /** An object of strings; null when the value is anything else. */
  private static @Nullable Map<String, Object> strings(@Nullable Object value) {
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> members)) {
      return null;
    }
    Map<String, Object> strings = LinkedHashMap.newLinkedHashMap(members.size());
    for (Map.Entry<?, ?> member : members.entrySet()) {
      if (!(member.getValue() instanceof String text)) {
        return null;
      }
      strings.put(String.valueOf(member.getKey()), text);
    }
    return strings;
  }
}
