/**
 * The admin API: what operators and {@code gatehouse} commands ask of a running gateway.
 *
 * <p>Its own HTTP server, on loopback unless told otherwise, apart from the port that agents reach.
 * A request passes, in this order, the check of Host and Origin (a web page must not reach it by
 * DNS rebinding), the operator's bearer key, and the body limit; then {@code Routes} answers it:
 *
 * <pre>{@code
 * curl -H "Authorization: Bearer $GATEHOUSE_OPERATOR_KEY" http://127.0.0.1:4001/admin/v1/approvals
 * curl -X POST -d '{"reason": "checked with Ann"}' ... /admin/v1/approvals/apr_x/approve
 * }</pre>
 *
 * <p>Everything that it asks comes in as {@link dev.gatehouse.console.AdminPorts}. Errors are
 * {@code {"error": {"code", "message"}}}.
 */
@NullMarked
package dev.gatehouse.console;

import org.jspecify.annotations.NullMarked;
