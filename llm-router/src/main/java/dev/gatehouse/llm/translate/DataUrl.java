package dev.gatehouse.llm.translate;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A base64 {@code data:} URL taken apart (RFC 2397).
 *
 * @param mediaType such as {@code image/png}, lower case, without parameters
 * @param base64 the data, still encoded: it is carried, never looked into
 */
record DataUrl(String mediaType, String base64) {

  static final String EXPECTED = "must be a base64 data: URL or, for images, an http(s) URL";

  private static final Set<String> IMAGES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

  static Optional<DataUrl> parse(String url) {
    int comma = url.indexOf(',');
    if (!url.regionMatches(true, 0, "data:", 0, 5) || comma < 0) {
      return Optional.empty();
    }
    String head = url.substring(5, comma).toLowerCase(Locale.ROOT);
    if (!head.endsWith(";base64")) {
      return Optional.empty();
    }
    String mediaType = head.substring(0, head.indexOf(';')).strip();
    // A common misspelling that OpenAI accepts and Anthropic does not.
    String proper = mediaType.equals("image/jpg") ? "image/jpeg" : mediaType;
    return Optional.of(new DataUrl(proper, url.substring(comma + 1)));
  }

  boolean isImage() {
    return IMAGES.contains(mediaType);
  }

  /** The {@code source} of a content block. */
  Map<String, @Nullable Object> source() {
    return Json.object("type", "base64", "media_type", mediaType, "data", base64);
  }

  @Override
  public String toString() {
    return "data:" + mediaType + ";base64," + base64;
  }
}
