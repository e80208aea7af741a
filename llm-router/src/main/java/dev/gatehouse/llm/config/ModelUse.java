package dev.gatehouse.llm.config;

import dev.gatehouse.llm.wire.Api;

/** What a model is for. */
public enum ModelUse {
  /** It answers: chat, messages, responses, and counting what those would cost. */
  CHAT,
  /** It turns text into vectors. All targets of its route must be the same model. */
  EMBEDDINGS;

  /** Whether that endpoint asks for such a model. */
  public boolean serves(Api api) {
    return (this == EMBEDDINGS) == (api == Api.EMBEDDINGS);
  }
}
