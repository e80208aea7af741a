package dev.gatehouse.llm;

import dev.gatehouse.core.audit.AuditBody;
import dev.gatehouse.core.audit.AuditBody.Kind;
import dev.gatehouse.core.json.Digest;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * What a client was given of an answer.
 *
 * @param bytes how much
 * @param body what; empty when it was nothing
 */
record Given(long bytes, Optional<AuditBody> body) {

  static final Given NOTHING = new Given(0, Optional.empty());

  /** All of an answer that is at hand. */
  static Given whole(byte[] answer) {
    return answer.length == 0
        ? NOTHING
        : new Given(answer.length, Optional.of(AuditBody.of(Kind.RESULT, answer)));
  }

  /** A stream as it goes out; on one event loop. */
  static final class Stream {

    private final MessageDigest digest = Digest.sha256();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
    private final int keepMax;
    private long bytes;

    /**
     * @param keepMax how much of it is kept in memory; 0 when only its digest is asked for
     */
    Stream(int keepMax) {
      this.keepMax = keepMax;
    }

    void add(Buffer events) {
      byte[] more = events.getBytes();
      digest.update(more);
      bytes += more.length;
      kept.write(more, 0, Math.min(more.length, keepMax - kept.size()));
    }

    /** All so far; asked once, at the end. */
    Given given() {
      return bytes == 0
          ? NOTHING
          : new Given(
              bytes,
              Optional.of(
                  new AuditBody(Kind.RESULT, Digest.ofHash(digest.digest()), kept::toByteArray)));
    }
  }
}
