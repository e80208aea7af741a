package dev.gatehouse.connectors.offer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * An RFC 6570 template of level 1 to 3, as far as matching needs it; a URI is a template without
 * variables.
 *
 * <p>It matches what MCP servers match: a variable takes one or more characters, a simple one no
 * slash, {@code {+x}} and {@code {#x}} any; {@code {?x}}, {@code {&x}} and {@code {;x}} may be
 * absent. Matching follows all ways at once and never goes back: its time grows with the length of
 * the URI times that of the template, whatever is in them.
 */
public final class UriTemplate {

  /** Most variables' expressions in a template. */
  static final int EXPRESSIONS_MAX = 32;

  private static final String OPERATORS = "+#./;?&";

  /** A stretch of the template. */
  private sealed interface Part {}

  private record Literal(String text) implements Part {}

  /**
   * One expression.
   *
   * @param lead what a value begins with; empty for nothing
   * @param slashes whether a value may hold slashes
   * @param optional whether it may be absent
   */
  private record Variable(String lead, boolean slashes, boolean optional) implements Part {}

  private final List<Part> parts;
  private final int literalPrefix;

  private UriTemplate(List<Part> parts) {
    this.parts = List.copyOf(parts);
    this.literalPrefix = parts.getFirst() instanceof Literal(String text) ? text.length() : 0;
  }

  /**
   * Reads a template; empty when it is none, has more than {@link #EXPRESSIONS_MAX} expressions, or
   * does not begin with a URI scheme, as it would match the URIs of everybody then.
   */
  public static Optional<UriTemplate> parse(String text) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    int expressions = 0;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      int end = open < 0 ? text.length() : open;
      if (end > at) {
        parts.add(new Literal(text.substring(at, end)));
      }
      if (open < 0) {
        break;
      }
      int close = text.indexOf('}', open);
      if (close <= open + 1 || ++expressions > EXPRESSIONS_MAX) {
        return Optional.empty();
      }
      Optional<Variable> variable = variable(text.substring(open + 1, close));
      if (variable.isEmpty()) {
        return Optional.empty();
      }
      parts.add(variable.get());
      at = close + 1;
    }
    boolean sound =
        !parts.isEmpty()
            && parts.getFirst() instanceof Literal(String first)
            && beginsWithScheme(first)
            && text.chars().noneMatch(c -> c <= ' ' || c == 127);
    return sound ? Optional.of(new UriTemplate(parts)) : Optional.empty();
  }

  /** How many characters stand before the first variable. */
  public int literalPrefix() {
    return literalPrefix;
  }

  /** Whether the template makes this URI. */
  public boolean matches(String uri) {
    BitSet reached = new BitSet(uri.length() + 1);
    reached.set(0);
    for (Part part : parts) {
      reached =
          switch (part) {
            case Literal literal -> after(literal, uri, reached);
            case Variable variable -> after(variable, uri, reached);
          };
      if (reached.isEmpty()) {
        return false;
      }
    }
    return reached.get(uri.length());
  }

  /** The places in the URI that are reached by the literal from those reached before it. */
  private static BitSet after(Literal literal, String uri, BitSet before) {
    BitSet after = new BitSet(uri.length() + 1);
    for (int at = before.nextSetBit(0); at >= 0; at = before.nextSetBit(at + 1)) {
      if (uri.startsWith(literal.text(), at)) {
        after.set(at + literal.text().length());
      }
    }
    return after;
  }

  private static BitSet after(Variable variable, String uri, BitSet before) {
    BitSet starts = after(new Literal(variable.lead()), uri, before);
    BitSet after = new BitSet(uri.length() + 1);
    if (variable.optional()) {
      after.or(before);
    }
    boolean inside = false;
    for (int at = 0; at < uri.length(); at++) {
      boolean fits = variable.slashes() || uri.charAt(at) != '/';
      inside = (inside || starts.get(at)) && fits;
      if (inside) {
        after.set(at + 1);
      }
    }
    return after;
  }

  private static Optional<Variable> variable(String expression) {
    char operator = OPERATORS.indexOf(expression.charAt(0)) >= 0 ? expression.charAt(0) : ' ';
    String names = operator == ' ' ? expression : expression.substring(1);
    if (names.isEmpty() || !names.chars().allMatch(UriTemplate::inNames)) {
      return Optional.empty();
    }
    boolean several = names.indexOf(',') >= 0 || names.indexOf('*') >= 0;
    return Optional.of(
        switch (operator) {
          case '+' -> new Variable("", true, false);
          case '#' -> new Variable("#", true, false);
          case '.' -> new Variable(".", false, false);
          case '/' -> new Variable("/", several, false);
          case ';', '?', '&' -> new Variable(String.valueOf(operator), true, true);
          default -> new Variable("", false, false);
        });
  }

  private static boolean inNames(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_.%,*:".indexOf(c) >= 0
        || c == '-'; // not in the RFC's names, but in those of servers
  }

  private static boolean beginsWithScheme(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || !letter(text.charAt(0))) {
      return false;
    }
    return text.substring(0, colon)
        .chars()
        .allMatch(c -> letter(c) || (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0);
  }

  private static boolean letter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
