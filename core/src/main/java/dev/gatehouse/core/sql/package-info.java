/** Where databases are and how they are reached; the driver is whoever's who uses it. */
@NullMarked
package dev.gatehouse.core.sql;

import org.jspecify.annotations.NullMarked;
