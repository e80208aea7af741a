/**
 * Translation between the two chat protocols: OpenAI chat completions and Anthropic messages.
 *
 * <p>A client that speaks one protocol can be served by a provider that speaks the other. A {@link
 * dev.gatehouse.llm.translate.Translation} carries one request there and its reply back, whole or
 * streamed:
 *
 * <pre>{@code
 * Translation translation = Translations.chatToMessages();
 * byte[] upstreamBody = translation.request(clientRequest, "claude-opus-4-5");
 * // not streaming
 * Map<String, Object> clientReply = translation.response(upstreamReply);
 * // streaming
 * StreamTranslator stream = translation.stream();
 * upstreamEvents.forEach(event -> stream.event(event).forEach(client::send));
 * stream.end().forEach(client::send);
 * }</pre>
 *
 * <p>The rule for requests: what changes the answer is carried or refused by name, never dropped.
 * Only hints that steer the provider's own accounting or speed are left out, and each is listed
 * with its reason where it is left out. The rule for replies: everything the client's protocol has
 * a place for is carried, what it has no place for is left out, and an upstream error stays an
 * error.
 */
@NullMarked
package dev.gatehouse.llm.translate;

import org.jspecify.annotations.NullMarked;
