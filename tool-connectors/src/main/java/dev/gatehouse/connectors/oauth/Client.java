package dev.gatehouse.connectors.oauth;

/**
 * A client as an authorization server knows it.
 *
 * @param id the client id
 * @param credential what proves it
 */
public record Client(String id, ClientCredential credential) {

  private static final int ID_LENGTH_MAX = 2_048;

  public Client {
    if (id.isEmpty() || id.length() > ID_LENGTH_MAX || id.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(
          "a client id has 1 to " + ID_LENGTH_MAX + " printable characters");
    }
  }

  /** A client that proves nothing. */
  public static Client open(String id) {
    return new Client(id, new ClientCredential.None());
  }
}
