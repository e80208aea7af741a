@NullMarked
package dev.gatehouse.audit.export;

import org.jspecify.annotations.NullMarked;
