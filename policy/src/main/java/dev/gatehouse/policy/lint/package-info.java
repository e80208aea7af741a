/** What is suspicious about a set of rules, though each of them is good. */
@NullMarked
package dev.gatehouse.policy.lint;

import org.jspecify.annotations.NullMarked;
