/** What agents did of late, counted in bounded memory: the inputs of risk and drift. */
@NullMarked
package dev.gatehouse.policy.activity;

import org.jspecify.annotations.NullMarked;
