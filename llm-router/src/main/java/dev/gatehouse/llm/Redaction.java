package dev.gatehouse.llm;

import dev.gatehouse.llm.config.AwsAccess;
import dev.gatehouse.llm.config.ProviderConfig;
import dev.gatehouse.llm.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Keeps a provider's secrets out of what a provider says. */
final class Redaction {

  private static final String MARK = "[redacted]";

  private Redaction() {}

  /** Whether a text holds none of the provider's secrets. */
  static boolean clean(String text, ProviderConfig provider) {
    return text(text, provider).equals(text);
  }

  /** The text without the provider's secrets. */
  static String text(String text, ProviderConfig provider) {
    Optional<Secret> key = provider.apiKey();
    String clean = key.isPresent() ? text.replace(key.get().reveal(), MARK) : text;
    if (provider.dialect().aws().isPresent()) {
      AwsAccess aws = provider.dialect().aws().get();
      clean = clean.replace(aws.secretAccessKey().reveal(), MARK);
      if (aws.sessionToken().isPresent()) {
        clean = clean.replace(aws.sessionToken().get().reveal(), MARK);
      }
    }
    for (Secret header : provider.headers().values()) {
      // short values are names and versions, not secrets
      if (header.reveal().length() >= 16) {
        clean = clean.replace(header.reveal(), MARK);
      }
    }
    return clean;
  }

  /** The bytes without the provider's secrets; every other byte stays as it is. */
  static byte[] bytes(byte[] body, ProviderConfig provider) {
    String latin = new String(body, StandardCharsets.ISO_8859_1);
    return text(latin, provider).getBytes(StandardCharsets.ISO_8859_1);
  }
}
