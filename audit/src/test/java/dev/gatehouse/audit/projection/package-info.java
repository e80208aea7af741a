@NullMarked
package dev.gatehouse.audit.projection;

import org.jspecify.annotations.NullMarked;
