/**
 * A governed call on its way to an upstream and back: under the upstream's names there, scanned and
 * under the exposed names here, and told to the record.
 */
@NullMarked
package dev.gatehouse.connectors.call;

import org.jspecify.annotations.NullMarked;
