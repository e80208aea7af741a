package dev.gatehouse.mcp.schema;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keywords that combine schemas. */
final class Composites {

  private final SchemaCheck check;

  Composites(SchemaCheck check) {
    this.check = check;
  }

  Fit reference(Refs refs, @Nullable Object ref, @Nullable Object value, String at) {
    if (!(ref instanceof String name)) {
      return Fit.UNKNOWN;
    }
    check.read(name);
    Object schema = refs.find(name);
    return schema == null ? Fit.UNKNOWN : check.fit(schema, value, at);
  }

  Fit allOf(@Nullable Object schemas, @Nullable Object value, String at) {
    if (!(schemas instanceof List<?> list)) {
      return Fit.UNKNOWN;
    }
    Fit fit = Fit.FITS;
    for (Object schema : list) {
      fit = fit.and(check.fit(schema, value, at));
      if (fit == Fit.FAILS) {
        return fit;
      }
    }
    return fit;
  }

  Fit anyOf(@Nullable Object schemas, @Nullable Object value, String at) {
    if (!(schemas instanceof List<?> list)) {
      return Fit.UNKNOWN;
    }
    Fit fit = Fit.FAILS;
    for (Object schema : list) {
      fit = fit.or(check.quietly(schema, value, at));
      if (fit == Fit.FITS) {
        return fit;
      }
    }
    return fit == Fit.FAILS ? check.fail(at, "fits none of anyOf") : fit;
  }

  Fit oneOf(@Nullable Object schemas, @Nullable Object value, String at) {
    if (!(schemas instanceof List<?> list)) {
      return Fit.UNKNOWN;
    }
    int fits = 0;
    int unknown = 0;
    for (Object schema : list) {
      switch (check.quietly(schema, value, at)) {
        case FITS -> fits++;
        case UNKNOWN -> unknown++;
        case FAILS -> {}
      }
    }
    if (fits > 1 || fits + unknown == 0) {
      return check.fail(at, "fits " + (fits == 0 ? "none" : "more than one") + " of oneOf");
    }
    return unknown == 0 ? Fit.FITS : Fit.UNKNOWN;
  }

  Fit not(@Nullable Object schema, @Nullable Object value, String at) {
    Fit fit = check.quietly(schema, value, at).not();
    return fit == Fit.FAILS ? check.fail(at, "fits what it must not") : fit;
  }

  Fit condition(Map<?, ?> keywords, @Nullable Object value, String at) {
    return switch (check.quietly(keywords.get("if"), value, at)) {
      case FITS -> branch(keywords, "then", value, at);
      case FAILS -> branch(keywords, "else", value, at);
      case UNKNOWN -> {
        Fit either = branch(keywords, "then", value, at).or(branch(keywords, "else", value, at));
        yield either == Fit.FAILS ? Fit.FAILS : Fit.UNKNOWN;
      }
    };
  }

  private Fit branch(Map<?, ?> keywords, String name, @Nullable Object value, String at) {
    return keywords.containsKey(name) ? check.fit(keywords.get(name), value, at) : Fit.FITS;
  }
}
