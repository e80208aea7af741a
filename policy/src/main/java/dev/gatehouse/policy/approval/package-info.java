/** Questions to people: who is asked what, which answers count, and when a question is over. */
@NullMarked
package dev.gatehouse.policy.approval;

import org.jspecify.annotations.NullMarked;
