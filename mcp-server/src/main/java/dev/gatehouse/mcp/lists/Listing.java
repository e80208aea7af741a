package dev.gatehouse.mcp.lists;

import dev.gatehouse.core.context.ContextDescriptor;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.registry.Manifest;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.mcp.config.McpConfig;
import dev.gatehouse.mcp.config.McpPorts;
import dev.gatehouse.mcp.jsonrpc.RpcError;
import dev.gatehouse.mcp.requests.Invocation;
import dev.gatehouse.mcp.requests.Operation;
import dev.gatehouse.mcp.requests.Replier;
import dev.gatehouse.mcp.requests.StatedReason;
import dev.gatehouse.mcp.requests.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code tools/list}, {@code resources/list} and the like: what the agent's manifest declares, by
 * name, a page at a time. The cursor is the last name of the page before, so that it stays good
 * while the catalog changes.
 *
 * @param <T> what is listed
 */
public final class Listing<T> implements Operation {

  private final Visibility visibility;
  private final Supplier<McpConfig> config;
  private final String member;
  private final Supplier<List<T>> all;
  private final BiPredicate<Manifest, T> shown;
  private final Function<T, String> name;
  private final Function<T, Map<String, Object>> definition;
  private final int nameCharsMax;

  private Listing(
      McpPorts ports,
      Supplier<McpConfig> config,
      String member,
      Supplier<List<T>> all,
      BiPredicate<Manifest, T> shown,
      Function<T, String> name,
      Function<T, Map<String, Object>> definition,
      int nameCharsMax) {
    visibility = new Visibility(ports.registry());
    this.config = config;
    this.member = member;
    this.all = all;
    this.shown = shown;
    this.name = name;
    this.definition = definition;
    this.nameCharsMax = nameCharsMax;
  }

  public static Operation ofTools(McpPorts ports, Supplier<McpConfig> config) {
    return new Listing<>(
        ports,
        config,
        "tools",
        ports.catalog()::tools,
        Visibility::shows,
        ToolDescriptor::name,
        tool -> definition(tool, config),
        ToolDescriptor.NAME_LENGTH_MAX);
  }

  /** The tools with the gateway's own among them. */
  public static Operation ofTools(McpPorts ports, Supplier<McpConfig> config, ToolDescriptor own) {
    return new Listing<>(
        ports,
        config,
        "tools",
        () -> with(own, ports.catalog().tools()),
        (manifest, tool) -> tool.equals(own) || Visibility.shows(manifest, tool),
        ToolDescriptor::name,
        tool -> tool.equals(own) ? tool.definition() : definition(tool, config),
        ToolDescriptor.NAME_LENGTH_MAX);
  }

  private static Map<String, Object> definition(ToolDescriptor tool, Supplier<McpConfig> config) {
    return config.get().reasonArgument() ? StatedReason.offered(tool) : tool.definition();
  }

  private static List<ToolDescriptor> with(ToolDescriptor own, List<ToolDescriptor> tools) {
    int place = Collections.binarySearch(tools, own, Comparator.comparing(ToolDescriptor::name));
    if (place >= 0) {
      return tools;
    }
    List<ToolDescriptor> all = new ArrayList<>(tools);
    all.add(-place - 1, own);
    return all;
  }

  public static Operation of(ContextKind kind, McpPorts ports, Supplier<McpConfig> config) {
    return new Listing<>(
        ports,
        config,
        switch (kind) {
          case RESOURCE -> "resources";
          case RESOURCE_TEMPLATE -> "resourceTemplates";
          case PROMPT -> "prompts";
        },
        () -> ports.contexts().list(kind),
        (manifest, entry) -> Visibility.shows(manifest, entry, entry.name()),
        ContextDescriptor::name,
        ContextDescriptor::definition,
        ContextDescriptor.NAME_LENGTH_MAX);
  }

  @Override
  public void run(Invocation invocation, Replier replier) {
    String after;
    try {
      after = after(invocation.params().get("cursor"));
    } catch (IllegalArgumentException e) {
      replier.error(RpcError.invalidParams("cursor is not one of this server's"));
      return;
    }
    replier.result(
        visibility
            .manifest(invocation.principal().agent())
            .map(manifest -> page(manifest, after))
            .orElseGet(() -> Map.of(member, List.of())));
  }

  private Map<String, Object> page(Manifest manifest, String after) {
    int max = config.get().limits().listPageMax();
    List<Object> page = new ArrayList<>();
    String last = after;
    for (T entry : all.get()) {
      String entryName = name.apply(entry);
      if (entryName.compareTo(after) <= 0 || !shown.test(manifest, entry)) {
        continue;
      }
      if (page.size() == max) {
        Map<String, Object> result = LinkedHashMap.newLinkedHashMap(2);
        result.put(member, page);
        result.put("nextCursor", cursor(last));
        return result;
      }
      page.add(definition.apply(entry));
      last = entryName;
    }
    return Map.of(member, page);
  }

  private static String cursor(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }

  private String after(@Nullable Object cursor) {
    if (cursor == null) {
      return "";
    }
    if (!(cursor instanceof String text)) {
      throw new IllegalArgumentException("not a string");
    }
    String after = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    if (after.isEmpty() || after.length() > nameCharsMax) {
      throw new IllegalArgumentException("not a name");
    }
    return after;
  }
}
