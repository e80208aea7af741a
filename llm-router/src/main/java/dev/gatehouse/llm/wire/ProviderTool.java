package dev.gatehouse.llm.wire;

import java.util.regex.Pattern;

/**
 * A tool that a request lets the provider run itself, where no Gate sees what it does.
 *
 * @param name the tool's name without version, such as {@code web_search}: what a route's {@code
 *     provider_tools} lists; empty when the request's word for it is none
 * @param field where the request asks for it
 */
public record ProviderTool(String name, String field) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** {@code web_search_20250305}, {@code web_search_preview_2025_03_11}: one tool all the same. */
  private static final Pattern VERSION =
      Pattern.compile("(_preview)?(_[0-9]{8}|_[0-9]{4}_[0-9]{2}_[0-9]{2})?$");

  /** Of the type that a request names. */
  static ProviderTool ofType(String type, String field) {
    String name = VERSION.matcher(type).replaceFirst("");
    String known = name.equals("mcp_toolset") ? "mcp" : name;
    return new ProviderTool(isName(known) ? known : "", field);
  }

  /** Whether a route may list it so: lower case, and no version at its end. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches() && VERSION.matcher(name).replaceFirst("").equals(name);
  }
}
