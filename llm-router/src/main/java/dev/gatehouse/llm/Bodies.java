package dev.gatehouse.llm;

import dev.gatehouse.llm.failover.Lane;
import dev.gatehouse.llm.translate.StreamTranslator;
import dev.gatehouse.llm.translate.Translation;
import dev.gatehouse.llm.translate.Translations;
import dev.gatehouse.llm.translate.UnreadableReplyException;
import dev.gatehouse.llm.translate.UntranslatableException;
import dev.gatehouse.llm.wire.Json;
import dev.gatehouse.llm.wire.Protocol;
import dev.gatehouse.llm.wire.RequestFacts;
import dev.gatehouse.llm.wire.UnreadableJsonException;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call's request and reply in the words of whichever lane is asked. */
final class Bodies {

  private static final Translation CHAT_TO_MESSAGES = Translations.chatToMessages();
  private static final Translation MESSAGES_TO_CHAT = Translations.messagesToChat();

  /** What translated thinking carries as its signature; Anthropic would refuse it. */
  private static final String UNSIGNED = "gatehouse-unsigned";

  private final Protocol client;
  private final RequestFacts facts;
  private @Nullable Map<String, Object> tree;

  Bodies(Protocol client, RequestFacts facts) {
    this.client = client;
    this.facts = facts;
  }

  /** Whether that lane speaks the client's protocol, so that bytes pass through. */
  boolean sameProtocol(Lane lane) {
    return lane.provider().type() == client.providerType();
  }

  /** The request for that lane. */
  Buffer of(Lane lane) throws UntranslatableException {
    if (!sameProtocol(lane)) {
      return Buffer.buffer(translation().request(tree(), lane.model()));
    }
    if (client == Protocol.MESSAGES && facts.mentions(UNSIGNED)) {
      Map<String, Object> request =
          new LinkedHashMap<>(Translations.withoutUnsignedThinking(tree()));
      request.put("model", lane.model());
      return Buffer.buffer(Json.bytes(request));
    }
    boolean askUsage =
        client == Protocol.CHAT && facts.streaming() && lane.provider().streamUsage();
    return Buffer.buffer(facts.upstreamBody(lane.model(), askUsage));
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
    return sameProtocol(lane) ? reply : Json.bytes(translation().response(Json.tree(reply)));
  }

  /** A translator for that lane's stream; empty when none is needed. */
  Optional<StreamTranslator> streamTranslator(Lane lane) {
    return sameProtocol(lane)
        ? Optional.empty()
        : Optional.of(
            translation().stream(Objects.requireNonNull(tree, "its request comes first")));
  }

  private Translation translation() {
    return switch (client) {
      case CHAT -> CHAT_TO_MESSAGES;
      case MESSAGES -> MESSAGES_TO_CHAT;
    };
  }
}
