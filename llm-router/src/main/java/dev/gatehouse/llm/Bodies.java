package dev.gatehouse.llm;

import dev.gatehouse.llm.adapter.Adapters;
import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.translate.StreamTranslator;
import dev.gatehouse.llm.translate.Translation;
import dev.gatehouse.llm.translate.Translations;
import dev.gatehouse.llm.translate.UnreadableReplyException;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.gatehouse.llm.wire.Api;
import dev.gatehouse.llm.wire.Json;
import dev.gatehouse.llm.wire.RequestFacts;
import dev.gatehouse.llm.wire.UnreadableJsonException;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One call's request and reply in the words of whichever lane is asked. */
final class Bodies {

  private final Api asked;
  private final RequestFacts facts;
  private final Predicate<Lane> holdsPrevious;
  private @Nullable Map<String, Object> tree;

  /**
   * @param holdsPrevious whether a lane keeps the response that the request goes on from
   */
  Bodies(Api asked, RequestFacts facts, Predicate<Lane> holdsPrevious) {
    this.asked = asked;
    this.facts = facts;
    this.holdsPrevious = holdsPrevious;
  }

  /** Whether that lane speaks the client's protocol, so that bytes pass through. */
  boolean sameProtocol(Lane lane) {
    return lane.provider().speaks(asked);
  }

  /** The request for that lane. */
  Buffer of(Lane lane) throws UntranslatableException {
    Buffer body = body(lane);
    if (lane.provider().type().adapted()) {
      try {
        Adapters.check(Json.tree(body.getBytes()), lane.model(), lane.provider().type());
      } catch (UntranslatableException e) {
        throw Translations.inTheWordsOf(asked.protocol(), e);
      } catch (UnreadableJsonException e) {
        throw new UntranslatableException("body", String.valueOf(e.getMessage()));
      }
    }
    return body;
  }

  private Buffer body(Lane lane) throws UntranslatableException {
    Api upstream = upstream(lane);
    checkPrevious(lane);
    if (upstream != asked) {
      return Buffer.buffer(translation(upstream).request(tree(), lane.model()));
    }
    Optional<String> mark = Translations.foreignMark(asked.protocol());
    if (mark.isPresent() && facts.mentions(mark.get())) {
      Map<String, Object> request =
          new LinkedHashMap<>(Translations.withoutForeign(asked.protocol(), tree()));
      request.put("model", lane.model());
      return Buffer.buffer(Json.bytes(request));
    }
    boolean askUsage = asked == Api.CHAT && facts.streaming() && lane.provider().streamUsage();
    return Buffer.buffer(facts.upstreamBody(lane.model(), askUsage));
  }

  /** Which of the lane's APIs is asked. */
  Api upstream(Lane lane) throws UntranslatableException {
    return Wires.of(lane.provider(), asked)
        .orElseThrow(
            () ->
                new UntranslatableException(
                    "model",
                    "its provider "
                        + lane.provider().name()
                        + " has no "
                        + asked.path()
                        + " (see its 'apis')"));
  }

  private void checkPrevious(Lane lane) throws UntranslatableException {
    if (!facts.previousResponse().isEmpty() && !(sameProtocol(lane) && holdsPrevious.test(lane))) {
      throw new UntranslatableException(
          "previous_response_id",
          "names no response that this gateway knows to be this agent's at this provider; send the"
              + " conversation as 'input'");
    }
  }

  private Map<String, Object> tree() throws UntranslatableException {
    if (tree == null) {
      tree = read();
    }
    return tree;
  }

  /** A member that is there twice means what its reader says; the provider should be that. */
  private Map<String, Object> read() throws UntranslatableException {
    try {
      return Json.unambiguousTree(facts.body());
    } catch (UnreadableJsonException e) {
      throw new UntranslatableException("body", String.valueOf(e.getMessage()));
    }
  }

  /**
   * The client's reply for that lane's.
   *
   * @throws UnreadableReplyException when it cannot be told in the client's words
   */
  byte[] reply(Lane lane, byte[] reply) {
    return sameProtocol(lane)
        ? reply
        : Json.bytes(
            translationFor(lane)
                .response(
                    Objects.requireNonNull(tree, "its request comes first"), Json.tree(reply)));
  }

  /** A translator for that lane's stream; empty when none is needed. */
  Optional<StreamTranslator> streamTranslator(Lane lane) {
    return sameProtocol(lane)
        ? Optional.empty()
        : Optional.of(
            translationFor(lane).stream(Objects.requireNonNull(tree, "its request comes first")));
  }

  private Translation translationFor(Lane lane) {
    return translation(Wires.of(lane.provider(), asked).orElseThrow());
  }

  private Translation translation(Api upstream) {
    return Translations.between(asked.protocol(), upstream.protocol());
  }
}
