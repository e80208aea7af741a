@NullMarked
package dev.gatehouse.audit.index;

import org.jspecify.annotations.NullMarked;
