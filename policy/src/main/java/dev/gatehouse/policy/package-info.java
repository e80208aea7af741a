/** Risk score, approvals and drift: what the Gate asks. */
@NullMarked
package dev.gatehouse.policy;

import org.jspecify.annotations.NullMarked;
