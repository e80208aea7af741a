/**
 * Providers whose own APIs we do not write ourselves: Gemini, Bedrock, Ollama and Mistral, through
 * LangChain4j.
 *
 * <p>To the rest of the router an adapter is a provider that speaks chat completions: {@link
 * dev.gatehouse.llm.adapter.Adapters#ask} takes the bytes of such a request and gives an {@link
 * dev.gatehouse.llm.adapter.Answer} of such bytes, whole or as a stream, an error with its status
 * and the provider's own body. So failover, translation, limits and the record are the same for
 * all.
 *
 * <p>The libraries block, so each call has a virtual thread; an event loop only hands it over and
 * gets pieces back. Letting go interrupts the thread, which closes the connection. Nothing of this
 * is loaded before a provider of such a type is asked.
 *
 * <pre>{@code
 * Asking asking = adapters.ask(provider, model, body, streaming, loop, answer -> …, failure -> …);
 * asking.cancel();
 * }</pre>
 */
@NullMarked
package dev.gatehouse.llm.adapter;

import org.jspecify.annotations.NullMarked;
