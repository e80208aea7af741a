/**
 * The witness in a bucket of an S3 store, of Amazon or any other that speaks it.
 *
 * <p>The gateway puts every checkpoint under a name of its own, with {@code If-None-Match: *}: its
 * credentials need {@code s3:PutObject} and nothing else, and best can do nothing else. An auditor,
 * with credentials of their own, copies the bucket into a folder, which is then a witness like any
 * other:
 *
 * <pre>{@code
 * new S3Copy(S3Place.parse("s3://witness/prod")).into(folder);
 * AuditVerifier.verify(dir, folder, trustedKeys);
 * }</pre>
 */
@NullMarked
package dev.gatehouse.audit.s3;

import org.jspecify.annotations.NullMarked;
