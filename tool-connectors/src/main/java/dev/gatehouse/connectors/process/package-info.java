/**
 * Child processes that leave nothing behind: each child and whatever it starts is found again by a
 * mark in its environment, ended in stages, and swept up by the next gateway where this one was
 * killed.
 */
@NullMarked
package dev.gatehouse.connectors.process;

import org.jspecify.annotations.NullMarked;
