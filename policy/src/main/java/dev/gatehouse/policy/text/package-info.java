/**
 * The compact form of rules: read with every problem at its line and column, and written.
 *
 * <pre>{@code
 * policy "change-close-over-one":
 *   when: servicenow.change.close
 *   if: payload.change_ids.length > 1
 *   then: approval_required(severity="high")
 *   approvers=group("secops-leads") timeout="4h" diff_shown_to_approver=true
 *   test: payload={"change_ids": ["A", "B"]} expect="approval_required"
 * }</pre>
 */
@NullMarked
package dev.gatehouse.policy.text;

import org.jspecify.annotations.NullMarked;
