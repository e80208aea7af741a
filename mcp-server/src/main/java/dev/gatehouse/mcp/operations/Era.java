package dev.gatehouse.mcp.operations;

import java.util.Map;

/** What an era adds to what an operation answers. */
@FunctionalInterface
public interface Era {

  /** The result as this era's clients expect it. */
  Map<String, Object> shape(Map<String, Object> result);
}
