/** Tests of classification and health. */
@NullMarked
package dev.gatehouse.llm.failover;

import org.jspecify.annotations.NullMarked;
