package dev.gatehouse.connectors.oauth;

/** Names of token types (RFC 8693, section 3) and of grants. */
public final class TokenTypes {

  public static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  public static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
  public static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  /** An identity assertion of an identity provider, which another server takes as a grant. */
  static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

  static final String EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String JWT_BEARER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  static final String JWT_BEARER_CLIENT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private TokenTypes() {}
}
