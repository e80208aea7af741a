@NullMarked
package dev.gatehouse.audit.tsa;

import org.jspecify.annotations.NullMarked;
