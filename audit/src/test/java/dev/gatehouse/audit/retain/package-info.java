@NullMarked
package dev.gatehouse.audit.retain;

import org.jspecify.annotations.NullMarked;
