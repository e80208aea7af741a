package dev.gatehouse.connectors.oauth;

/** How the gateway proves to an authorization server which client it is. */
public sealed interface ClientCredential {

  /** It does not: a public client. */
  record None() implements ClientCredential {}

  /**
   * A shared secret, sent in the header or in the form, as the server wants. Never shown.
   *
   * @param value the secret
   */
  record Secret(String value) implements ClientCredential {

    public Secret {
      if (value.isEmpty()) {
        throw new IllegalArgumentException("the client secret is empty");
      }
    }

    @Override
    public String toString() {
      return "Secret[…]";
    }
  }

  /** A key that signs an assertion for each request ({@code private_key_jwt}, RFC 7523). */
  record Key(SigningKey key) implements ClientCredential {}
}
