package dev.gatehouse.connectors.oauth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text of the form {@code application/x-www-form-urlencoded}. */
final class FormText {

  private FormText() {}

  /**
   * Its fields.
   *
   * @throws OAuthException when a field occurs twice (RFC 6749, section 3.1) or is malformed
   */
  static Map<String, String> parse(@Nullable String text) throws OAuthException {
    Map<String, String> fields = new LinkedHashMap<>();
    if (text == null || text.isEmpty()) {
      return fields;
    }
    for (String field : text.split("&", -1)) {
      int equals = field.indexOf('=');
      String name = decode(equals < 0 ? field : field.substring(0, equals));
      String value = equals < 0 ? "" : decode(field.substring(equals + 1));
      if (fields.put(name, value) != null) {
        throw new OAuthException("the authorization response has a parameter twice");
      }
    }
    return fields;
  }

  private static String decode(String text) throws OAuthException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new OAuthException("the authorization response is malformed"); // the cause quotes it
    }
  }
}
