/** Where checkpoints are kept, out of reach of whoever can rewrite the record. */
@NullMarked
package dev.gatehouse.audit.witness;

import org.jspecify.annotations.NullMarked;
