/** Fakes and contract tests shared by every module's tests. */
@NullMarked
package dev.gatehouse.testkit;

import org.jspecify.annotations.NullMarked;
