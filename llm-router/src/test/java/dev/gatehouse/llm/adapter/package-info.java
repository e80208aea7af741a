/** Tests of what adapters are made of. */
@NullMarked
package dev.gatehouse.llm.adapter;

import org.jspecify.annotations.NullMarked;
