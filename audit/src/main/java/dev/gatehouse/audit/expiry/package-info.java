/**
 * What stays of a stream whose rows were let go when their time had come: where it ended, and what
 * the streams behind it need to be checked.
 */
@NullMarked
package dev.gatehouse.audit.expiry;

import org.jspecify.annotations.NullMarked;
