@NullMarked
package dev.gatehouse.audit.s3;

import org.jspecify.annotations.NullMarked;
