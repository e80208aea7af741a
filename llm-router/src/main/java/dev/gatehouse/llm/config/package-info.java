/**
 * What the operator says about providers, models and limits, as plain validated records.
 *
 * <pre>{@code
 * var anthropic = ProviderConfig.of("anthropic", ProviderType.ANTHROPIC, URI.create("https://api.anthropic.com"), key);
 * var openai = ProviderConfig.of("openai", ProviderType.OPENAI, URI.create("https://api.openai.com/v1"), otherKey);
 * var chat = new ModelRoute(new Glob("chat"), "frontier", TargetTier.PROD, List.of(
 *     RouteTarget.of("anthropic", "claude-opus-4-5"), RouteTarget.of("openai", "gpt-5")));
 * LlmConfig config = LlmConfig.of(List.of(anthropic, openai), List.of(chat));
 * }</pre>
 *
 * <p>The order of a route's targets is the order in which they are tried.
 */
@NullMarked
package dev.gatehouse.llm.config;

import org.jspecify.annotations.NullMarked;
