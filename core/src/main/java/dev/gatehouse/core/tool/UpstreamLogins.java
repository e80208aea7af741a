package dev.gatehouse.core.tool;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The upstreams that an operator authorizes in a browser, and the way to do it: begin, let the
 * browser visit the URL, complete with where it was sent. Thread-safe; methods return at once.
 */
public interface UpstreamLogins {

  /** The upstreams that get tokens, in the order of the config. */
  List<Login> logins();

  /**
   * Begins to authorize an upstream; what was begun for it before is given up. The stage does not
   * fail.
   *
   * @param redirectUri where the browser is to be sent in the end: plain http on the operator's own
   *     machine
   */
  CompletionStage<Begun> begin(String upstream, URI redirectUri);

  /**
   * Completes what was begun. The stage fails when the authorization could not be recorded.
   *
   * @param redirect the redirect URI as the browser got it, with all its parameters; secret
   * @param operator who did it, for the record
   */
  CompletionStage<Ended> complete(String upstream, URI redirect, String operator);

  /**
   * An upstream that gets tokens.
   *
   * @param byOperator whether an operator authorizes it, rather than the config alone
   * @param authorized whether there are tokens for the gateway itself
   */
  record Login(String upstream, boolean byOperator, boolean authorized) {}

  /** What came of beginning. */
  sealed interface Begun {

    /** The browser has to visit this. */
    record Visit(URI url) implements Begun {}

    /**
     * It cannot be done.
     *
     * @param why for people; no secret
     */
    record Refused(String why) implements Begun {}

    /** No upstream of that name is authorized by operators. */
    record Unknown() implements Begun {}
  }

  /** What came of it all. */
  sealed interface Ended {

    /** There are tokens. */
    record Authorized() implements Ended {}

    /**
     * There are none.
     *
     * @param why for people; no secret
     */
    record Refused(String why) implements Ended {}

    /** Nothing was begun for an upstream of that name. */
    record Unknown() implements Ended {}
  }
}
