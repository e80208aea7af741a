@NullMarked
package dev.gatehouse.audit.sign;

import org.jspecify.annotations.NullMarked;
