/** Tests of the chain, against real files. */
@NullMarked
package dev.gatehouse.audit;

import org.jspecify.annotations.NullMarked;
