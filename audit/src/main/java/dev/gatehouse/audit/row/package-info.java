/**
 * What rows say: the check that their text is canonical, the rows that the log writes about itself,
 * and a row as readers get it.
 */
@NullMarked
package dev.gatehouse.audit.row;

import org.jspecify.annotations.NullMarked;
