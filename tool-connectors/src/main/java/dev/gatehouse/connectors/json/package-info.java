/** JSON text to and from plain Java trees, bounded in depth and faithful in digits and order. */
@NullMarked
package dev.gatehouse.connectors.json;

import org.jspecify.annotations.NullMarked;
