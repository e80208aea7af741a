/**
 * Files as the log needs them: durable once written, names included; a lock; and a port, so that
 * tests can let each step fail.
 */
@NullMarked
package dev.gatehouse.audit.disk;

import org.jspecify.annotations.NullMarked;
