/** The open risk score: tables and thresholds from the config, and the score read off them. */
@NullMarked
package dev.gatehouse.policy.risk;

import org.jspecify.annotations.NullMarked;
