package dev.gatehouse.connectors.scan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One walk over a tree: scans strings and member names, and redacts on the way. */
final class TreeScan {

  private static final int POINTER_MAX = 200;
  private static final int POINTER_PART_MAX = 64;

  /** A word of letters, digits and underscores below that length is not scanned. */
  private static final int WORD_MAX = 16;

  /** Binary data is not scanned from that length; what is shorter may be a key. */
  private static final int BINARY_MIN = 257;

  private final Map<Detector, ScanAction> actions;
  private final Set<Detector> wanted;
  private final boolean definition;
  private final Set<Finding> findings = new LinkedHashSet<>();
  private int charactersLeft;
  private int spansLeft;
  private int redactions;
  private boolean incomplete;

  /**
   * @param definition whether the tree defines something: its names are held to stricter rules, and
   *     homoglyphs elsewhere are flagged at most
   */
  TreeScan(Map<Detector, ScanAction> actions, boolean definition, ScanLimits limits) {
    this.actions = actions;
    this.definition = definition;
    this.charactersLeft = limits.charactersMax();
    this.spansLeft = limits.findingsMax();
    this.wanted = EnumSet.noneOf(Detector.class);
    actions.forEach(
        (detector, action) -> {
          if (action != ScanAction.OFF) {
            wanted.add(detector);
          }
        });
  }

  Scan of(Object tree) {
    if (wanted.isEmpty() || wanted.equals(EnumSet.of(Detector.SCAN_INCOMPLETE))) {
      return new Scan(List.of(), tree);
    }
    Object scanned = value(tree, "", "");
    List<Finding> all = new ArrayList<>(findings);
    if (incomplete && wanted.contains(Detector.SCAN_INCOMPLETE)) {
      ScanAction action = actions.getOrDefault(Detector.SCAN_INCOMPLETE, ScanAction.BLOCK);
      all.addFirst(new Finding(Detector.SCAN_INCOMPLETE, "", action));
    }
    return new Scan(all, scanned);
  }

  private Object value(Object value, String pointer, String key) {
    return switch (value) {
      case String text -> text(text, pointer, definition && isName(pointer, key));
      case Map<?, ?> map -> map(map, pointer);
      case List<?> list -> list(list, pointer);
      default -> value;
    };
  }

  private static boolean isName(String pointer, String key) {
    return key.equals("name") && !pointer.contains("/properties/");
  }

  private Object list(List<?> list, String pointer) {
    List<@Nullable Object> scanned = new ArrayList<>(list.size());
    int before = redactions;
    int index = 0;
    for (Object element : list) {
      scanned.add(element == null ? null : value(element, pointer + "/" + index, ""));
      index++;
    }
    return redactions == before ? list : scanned;
  }

  private Object map(Map<?, ?> map, String pointer) {
    Map<String, @Nullable Object> scanned = LinkedHashMap.newLinkedHashMap(map.size());
    int before = redactions;
    for (Map.Entry<?, ?> member : map.entrySet()) {
      String key = String.valueOf(member.getKey());
      int left = spansLeft;
      String shownKey = text(key, pointer + "/*", definition);
      String part = spansLeft == left ? part(key) : "*";
      Object value = member.getValue();
      boolean skipped = value == null || binary(map, key, value);
      scanned.put(
          unused(scanned, shownKey), skipped ? value : value(value, pointer + "/" + part, key));
    }
    return redactions == before ? map : scanned;
  }

  private static String unused(Map<String, ?> map, String key) {
    String free = key;
    for (int i = 2; map.containsKey(free); i++) {
      free = key + "#" + i;
    }
    return free;
  }

  /** Images, audio and blobs in base64, which hold no text for a model. */
  private static boolean binary(Map<?, ?> map, String key, Object value) {
    boolean place =
        key.equals("blob")
            || (key.equals("data")
                && ("image".equals(map.get("type")) || "audio".equals(map.get("type"))));
    return place && value instanceof String text && text.length() >= BINARY_MIN && base64(text);
  }

  private static boolean base64(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "+/=-_\r\n".indexOf(c) >= 0)) {
        return false;
      }
    }
    return true;
  }

  private String text(String text, String pointer, boolean name) {
    if (oneShortWord(text)) {
      return text;
    }
    if (spansLeft == 0) {
      incomplete = true;
      return text;
    }
    String scanned = text;
    if (text.length() > charactersLeft) {
      incomplete = true;
      scanned = text.substring(0, charactersLeft);
    }
    charactersLeft -= scanned.length();
    Spans spans = new Spans(spansLeft);
    TextScanner.find(scanned, name, wanted, spans);
    if (spans.isEmpty()) {
      return text;
    }
    spansLeft -= spans.size();
    incomplete |= spans.overflowed();
    boolean redacts = false;
    for (Span span : spans.inOrder()) {
      ScanAction action = action(span.detector(), name);
      redacts |= action == ScanAction.REDACT;
      findings.add(new Finding(span.detector(), bounded(pointer), action));
    }
    redactions += redacts ? 1 : 0;
    return redacts ? redacted(text, spans.inOrder()) : text;
  }

  /** As most member names are: no detector finds anything in one. */
  private static boolean oneShortWord(String text) {
    if (text.length() >= WORD_MAX) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
          && c != '_') {
        return false;
      }
    }
    return true;
  }

  private ScanAction action(Detector detector, boolean name) {
    ScanAction action = actions.getOrDefault(detector, ScanAction.OFF);
    boolean lookAlikeInText = definition && !name && detector == Detector.HOMOGLYPH;
    return lookAlikeInText && action == ScanAction.BLOCK ? ScanAction.FLAG : action;
  }

  private String redacted(String text, List<Span> spans) {
    StringBuilder out = new StringBuilder(text.length());
    int done = 0;
    for (Span span : spans) {
      if (actions.get(span.detector()) != ScanAction.REDACT || span.end() <= done) {
        continue;
      }
      if (span.start() >= done) {
        out.append(text, done, span.start());
        if (span.detector() != Detector.HIDDEN_UNICODE) {
          out.append("[redacted: ").append(span.detector().word()).append(']');
        }
      }
      done = span.end();
    }
    return out.append(text, done, text.length()).toString();
  }

  /** A member's name for a pointer; {@code *} when it is no plain name. */
  private static String part(String key) {
    boolean plain =
        key.length() <= POINTER_PART_MAX
            && key.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"');
    return plain ? key.replace("~", "~0").replace("/", "~1") : "*";
  }

  private static String bounded(String pointer) {
    return pointer.length() <= POINTER_MAX ? pointer : pointer.substring(0, POINTER_MAX) + "…";
  }
}
