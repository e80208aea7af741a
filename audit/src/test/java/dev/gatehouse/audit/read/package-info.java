@NullMarked
package dev.gatehouse.audit.read;

import org.jspecify.annotations.NullMarked;
