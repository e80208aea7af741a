/**
 * The kill switch: a person stops an agent, a connector, a set of labels or everything, at once.
 */
@NullMarked
package dev.gatehouse.core.stop;

import org.jspecify.annotations.NullMarked;
