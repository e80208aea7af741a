@NullMarked
package dev.gatehouse.audit.proof;

import org.jspecify.annotations.NullMarked;
