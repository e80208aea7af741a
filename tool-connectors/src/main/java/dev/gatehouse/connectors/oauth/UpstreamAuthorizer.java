package dev.gatehouse.connectors.oauth;

/** The credentials that one upstream is shown. Thread-safe; methods return at once. */
public interface UpstreamAuthorizer {

  /** Shows nothing, and gives up when that is refused. */
  UpstreamAuthorizer NONE = _ -> RequestAuthorization.NONE;

  /**
   * The credentials of one request to it.
   *
   * @param httpMethod such as {@code POST}
   */
  RequestAuthorization request(String httpMethod);
}
