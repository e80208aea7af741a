@NullMarked
package dev.gatehouse.audit.disk;

import org.jspecify.annotations.NullMarked;
