package dev.gatehouse.connectors.oauth;

import java.util.List;

/**
 * A client together with how it is registered.
 *
 * @param client the client
 * @param methods how it may prove itself; what the server takes, or the one method that it is
 *     registered for
 * @param redirectUri the one that it registered itself with; empty when it did not
 */
record Registration(Client client, List<String> methods, String redirectUri) {

  Registration {
    methods = List.copyOf(methods);
  }
}
