/**
 * What may have to be forgotten, in a record from which nothing can be taken out. Members that the
 * config names do not stand in a row: the row holds commitments to them, salted digests as in RFC
 * 9901 (SD-JWT), and the values lie beside the log, in a {@link dev.gatehouse.audit.personal.Vault
 * vault} sealed under a {@link dev.gatehouse.audit.personal.SubjectKeys key} of the subject's own.
 * Destroying that key erases the values of all rows at once; rows, chain and tree stay as they are.
 *
 * <pre>{@code
 * row         {"agent":"a1","committed":{"owner":"7Xf…"},"type":"intent",…}
 * disclosure  base64url(["<salt>","owner","ann@example.com"])        digest = base64url(SHA-256(it))
 * }</pre>
 *
 * <p>{@link dev.gatehouse.audit.personal.Reveal} puts the values back for whoever may read the
 * directory; an export brings disclosures along when it is told to, and a verifier holds each
 * against its row.
 */
@NullMarked
package dev.gatehouse.audit.personal;

import org.jspecify.annotations.NullMarked;
