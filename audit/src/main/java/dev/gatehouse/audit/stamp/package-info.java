/**
 * Time-stamps (RFC 3161) of fleet checkpoints: what an authority that is not ours says about when a
 * note existed, judged offline.
 */
@NullMarked
package dev.gatehouse.audit.stamp;

import org.jspecify.annotations.NullMarked;
