package dev.gatehouse.llm.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells the tools that a request's client runs from those that the provider would run. What is not
 * known to be the client's is the provider's: a type that appears tomorrow is refused until
 * somebody allows it.
 */
final class ToolScan {

  /**
   * Members that let a provider act without a tool of that type, and what that is called. OpenAI:
   * {@code web_search_options}, {@code prompt} (a stored prompt brings its own tools); Anthropic:
   * {@code mcp_servers}; Azure: {@code data_sources}; xAI: {@code search_parameters}; OpenRouter:
   * {@code plugins}.
   */
  private static final Map<String, String> MEMBERS =
      Map.of(
          "mcp_servers", "mcp",
          "web_search_options", "web_search",
          "search_parameters", "web_search",
          "data_sources", "data_sources",
          "plugins", "plugins",
          "prompt", "prompt");

  private static final Set<String> CHAT_CLIENTS = Set.of("function", "custom");

  private static final Set<String> RESPONSES_CLIENTS =
      Set.of("function", "custom", "local_shell", "apply_patch", "namespace");

  /** Versions of the tools that Anthropic defines and clients carry out. */
  private static final Pattern MESSAGES_CLIENTS =
      Pattern.compile("custom|(bash|text_editor|computer|memory)_[0-9]{8}");

  private final Api api;
  private final Map<String, ProviderTool> found = new LinkedHashMap<>(2);

  ToolScan(Api api) {
    this.api = api;
  }

  /** Whether a member of the request may ask for tools, in whatever case it is spelt. */
  boolean concerns(String name) throws BadRequestException {
    String exact = name.toLowerCase(Locale.ROOT);
    boolean concerns =
        api != Api.EMBEDDINGS
            && (exact.equals("tools")
                || (MEMBERS.containsKey(exact)
                    && (api == Api.RESPONSES || !exact.equals("prompt"))));
    if (concerns && !exact.equals(name)) {
      throw new BadRequestException(name, "spell '" + name + "' in lower case");
    }
    return concerns;
  }

  /** Reads a member that concerns tools; it may be there more than once, and then all counts. */
  void member(String name, JsonParser json, JsonToken value)
      throws IOException, BadRequestException {
    String means = MEMBERS.get(name);
    if (means == null) {
      if (value != JsonToken.VALUE_NULL) {
        tools(name, json, value);
      }
    } else if (value == JsonToken.START_ARRAY && json.nextToken() == JsonToken.END_ARRAY) {
      return; // a list of none
    } else if (value != JsonToken.VALUE_NULL) {
      add(new ProviderTool(means, name));
      if (value == JsonToken.START_ARRAY) {
        restOfArray(json);
      } else {
        json.skipChildren();
      }
    }
  }

  /** Reads a list of tools. */
  void tools(String field, JsonParser json, JsonToken value)
      throws IOException, BadRequestException {
    if (value != JsonToken.START_ARRAY) {
      throw new BadRequestException(field, "'" + field + "' must be a list");
    }
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      String place = field + "[" + i + "]";
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw new BadRequestException(place, "'" + place + "' must be an object");
      }
      tool(place, json);
    }
  }

  private void tool(String place, JsonParser json) throws IOException, BadRequestException {
    Optional<String> type = Optional.empty();
    boolean typed = false;
    boolean function = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("type")) {
        if (typed) {
          throw new BadRequestException(place, "'type' of '" + place + "' is there twice");
        }
        typed = true;
        type = type(place, json, value);
      } else if (name.equals("tools") && value == JsonToken.START_ARRAY) {
        tools(place + ".tools", json, value);
      } else {
        function |= name.equals("function");
        json.skipChildren();
      }
    }
    if (!isClients(type, function)) {
      add(ProviderTool.ofType(type.orElse(""), place));
    }
  }

  private static Optional<String> type(String place, JsonParser json, JsonToken value)
      throws IOException, BadRequestException {
    return switch (value) {
      case VALUE_STRING -> Optional.of(json.getText());
      case VALUE_NULL -> Optional.empty();
      case null, default ->
          throw new BadRequestException(place, "'type' of '" + place + "' must be a string");
    };
  }

  private boolean isClients(Optional<String> type, boolean function) {
    return switch (api) {
      case MESSAGES, COUNT_TOKENS ->
          type.isEmpty() || MESSAGES_CLIENTS.matcher(type.get()).matches();
      case RESPONSES -> type.isPresent() && RESPONSES_CLIENTS.contains(type.get());
      case CHAT, EMBEDDINGS -> type.map(CHAT_CLIENTS::contains).orElse(function);
    };
  }

  private void add(ProviderTool tool) {
    found.putIfAbsent(tool.name(), tool);
  }

  /** The first value of the array is the parser's current one. */
  private static void restOfArray(JsonParser json) throws IOException {
    do {
      json.skipChildren();
    } while (json.nextToken() != JsonToken.END_ARRAY);
  }

  /** The tools that the provider would run, each once. */
  List<ProviderTool> found() {
    return List.copyOf(found.values());
  }
}
