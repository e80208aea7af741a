/** The provider-neutral LLM endpoint. */
@NullMarked
package dev.gatehouse.llm;

import org.jspecify.annotations.NullMarked;
