package dev.gatehouse.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.core.registry.Operator;
import dev.gatehouse.core.tool.UpstreamLogins;
import dev.gatehouse.core.tool.UpstreamLogins.Begun;
import dev.gatehouse.core.tool.UpstreamLogins.Ended;
import dev.gatehouse.core.tool.UpstreamLogins.Login;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The authorizations at upstreams: their list, and how an operator makes one in two steps. */
final class UpstreamRoutes {

  private static final int URI_LENGTH_MAX = 16 * 1024;

  private final UpstreamLogins logins;

  UpstreamRoutes(UpstreamLogins logins) {
    this.logins = logins;
  }

  /** The methods of a resource below {@code upstreams}; empty when there is no such resource. */
  static List<String> methods(List<String> path) {
    return path.size() == 3 && List.of("authorize", "complete").contains(path.get(2))
        ? List.of("POST")
        : List.of();
  }

  Answer list() {
    return Answer.ok(Views.list("upstreams", logins.logins(), UpstreamRoutes::view));
  }

  CompletionStage<Answer> answer(String upstream, String verb, Operator operator, ObjectNode body) {
    return verb.equals("authorize")
        ? logins
            .begin(upstream, uri(body, "redirect_uri"))
            .thenApply(begun -> begun(upstream, begun))
        : logins
            .complete(upstream, uri(body, "redirect"), operator.name())
            .thenApply(ended -> ended(upstream, ended));
  }

  private static Answer begun(String upstream, Begun begun) {
    return switch (begun) {
      case Begun.Visit(URI url) -> Answer.ok(Map.of("url", url.toString()));
      case Begun.Refused(String why) -> refused(upstream, why);
      case Begun.Unknown() ->
          Answer.error(
              404, "not_found", "no upstream '" + upstream + "' is authorized by operators");
    };
  }

  private static Answer ended(String upstream, Ended ended) {
    return switch (ended) {
      case Ended.Authorized() -> Answer.ok(Map.of("upstream", upstream, "state", "authorized"));
      case Ended.Refused(String why) -> refused(upstream, why);
      case Ended.Unknown() ->
          Answer.error(404, "not_found", "nobody began to authorize '" + upstream + "'");
    };
  }

  private static Answer refused(String upstream, String why) {
    return Answer.error(409, "not_authorized", "'" + upstream + "' is not authorized: " + why);
  }

  private static Map<String, Object> view(Login login) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", login.upstream());
    view.put("authorized_by", login.byOperator() ? "operator" : "config");
    view.put("authorized", login.authorized());
    return view;
  }

  private static URI uri(ObjectNode body, String name) {
    String text = Json.text(body, name);
    try {
      if (!text.isEmpty() && text.length() <= URI_LENGTH_MAX) {
        return new URI(text);
      }
    } catch (URISyntaxException e) {
      throw new BadRequestException(name + " is no URI"); // the cause quotes it
    }
    throw new BadRequestException(name + " is no URI of 1 to " + URI_LENGTH_MAX + " characters");
  }
}
