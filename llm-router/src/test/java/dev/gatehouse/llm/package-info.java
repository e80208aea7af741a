/** Tests of the LLM endpoints over real sockets, with scripted providers. */
@NullMarked
package dev.gatehouse.llm;

import org.jspecify.annotations.NullMarked;
