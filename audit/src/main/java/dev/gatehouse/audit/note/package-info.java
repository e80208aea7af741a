/** Checkpoints as C2SP signed notes, and the keys that sign and verify them. */
@NullMarked
package dev.gatehouse.audit.note;

import org.jspecify.annotations.NullMarked;
