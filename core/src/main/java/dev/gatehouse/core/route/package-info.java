/** What operators may change about routes while they are in force. */
@NullMarked
package dev.gatehouse.core.route;

import org.jspecify.annotations.NullMarked;
