/**
 * The wire over a child's standard streams: a message is a line, bounded in length; what the child
 * says on its standard error goes to the log.
 */
@NullMarked
package dev.gatehouse.connectors.stdio;

import org.jspecify.annotations.NullMarked;
