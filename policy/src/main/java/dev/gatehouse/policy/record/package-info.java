/**
 * What judged is on record, and so anybody can judge again: rows keep the risk tables and the rules
 * in force, and the rows of calls are held against them.
 */
@NullMarked
package dev.gatehouse.policy.record;

import org.jspecify.annotations.NullMarked;
