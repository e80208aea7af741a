/**
 * What calls said and came to, beside the rows that hold its digest. The intent row of a call has
 * the SHA-256 of its arguments in canonical form, or of its request to a model, {@code
 * request_digest}, and its outcome row that of its result, {@code result_digest}; where {@code
 * audit.bodies} says so, those very bytes lie in a {@link dev.gatehouse.audit.personal.Vault vault}
 * of the stream, sealed under the key of the row's subject, and the row says {@code "body":"kept"}.
 * They are durable before the row is, so a row that says so never speaks of something that was
 * lost.
 *
 * <pre>{@code
 * row     {"body":"kept","call_id":"…","request_digest":"9f86d0…","type":"intent",…}
 * beside  {"id":7,"state":"closed"}           SHA-256 of it: the row's request_digest
 * beside  @4711                               the same as beside row 4711, of the same subject
 * }</pre>
 *
 * <p>A body is kept once for each file of the vault and each subject, so that a file stands for
 * itself when files before it are let go, and an erased subject takes its bodies along. A body
 * without a row, of a row that was lost in a crash, is never looked at and goes with its file.
 */
@NullMarked
package dev.gatehouse.audit.body;

import org.jspecify.annotations.NullMarked;
