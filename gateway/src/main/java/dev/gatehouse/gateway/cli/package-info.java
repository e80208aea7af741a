/**
 * The command line. Each command is one class; commands that speak to a running gateway go through
 * {@code AdminClient}, all others work on files. Exit codes: 0 done, 1 the answer is no (a bad
 * config, a broken chain), 2 wrong usage.
 */
@NullMarked
package dev.gatehouse.gateway.cli;

import org.jspecify.annotations.NullMarked;
