@NullMarked
package dev.gatehouse.audit.row;

import org.jspecify.annotations.NullMarked;
