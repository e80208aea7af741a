/** JSON without a framework: plain Java trees, their canonical form (RFC 8785) and digests. */
@NullMarked
package dev.gatehouse.core.json;

import org.jspecify.annotations.NullMarked;
