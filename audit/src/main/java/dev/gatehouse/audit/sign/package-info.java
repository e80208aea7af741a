/** Signing where a stream stands, from what the disk holds and not from what anybody says. */
@NullMarked
package dev.gatehouse.audit.sign;

import org.jspecify.annotations.NullMarked;
