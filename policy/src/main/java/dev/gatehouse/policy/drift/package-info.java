/** What an agent does, held against what its manifest declares; never against its history. */
@NullMarked
package dev.gatehouse.policy.drift;

import org.jspecify.annotations.NullMarked;
