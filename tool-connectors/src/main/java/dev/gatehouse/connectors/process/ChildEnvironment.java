package dev.gatehouse.connectors.process;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The environment of a child: what the config gives it, over a few variables of the gateway's own
 * that hold no secrets, and a {@link ChildMark}. The gateway's own keys and tokens stay out of it.
 */
final class ChildEnvironment {

  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LANGUAGE",
          "LC_ALL",
          "LC_CTYPE",
          "TZ",
          "TMPDIR");

  private ChildEnvironment() {}

  static Map<String, String> of(
      Map<String, String> gateway, Map<String, String> configured, ChildMark mark) {
    Map<String, String> environment = new HashMap<>();
    for (String name : INHERITED) {
      String value = gateway.get(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.putAll(configured);
    environment.put(ChildMark.VARIABLE, mark.text());
    return environment;
  }
}
