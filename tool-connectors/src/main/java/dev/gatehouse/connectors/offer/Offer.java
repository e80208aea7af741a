package dev.gatehouse.connectors.offer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All that one upstream lists. Immutable.
 *
 * @param lists what is listed of each kind; a kind that is not there is empty
 */
public record Offer(Map<ListKind, List<UpstreamEntry>> lists) {

  /** Nothing at all. */
  public static final Offer NONE = new Offer(Map.of());

  public Offer {
    lists = Map.copyOf(lists);
  }

  /** What is listed of that kind. */
  public List<UpstreamEntry> list(ListKind kind) {
    return lists.getOrDefault(kind, List.of());
  }

  /** The same, with other lists of some kinds. */
  public Offer with(Map<ListKind, List<UpstreamEntry>> others) {
    Map<ListKind, List<UpstreamEntry>> all = new EnumMap<>(ListKind.class);
    all.putAll(lists);
    all.putAll(others);
    return new Offer(all);
  }

  public boolean isEmpty() {
    return lists.values().stream().allMatch(List::isEmpty);
  }

  /** How much it is, for the log. */
  public String summary() {
    return list(ListKind.TOOLS).size()
        + " tools, "
        + (list(ListKind.RESOURCES).size() + list(ListKind.TEMPLATES).size())
        + " resources and templates, "
        + list(ListKind.PROMPTS).size()
        + " prompts";
  }
}
