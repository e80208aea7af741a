/** The kill switch: the stops in force as one snapshot that each call looks at. */
@NullMarked
package dev.gatehouse.policy.stop;

import org.jspecify.annotations.NullMarked;
