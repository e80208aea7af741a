package dev.gatehouse.gateway.notify;

import dev.gatehouse.console.SignedCallbacks;
import dev.gatehouse.core.json.Digest;
import dev.gatehouse.core.once.UsedOnce;
import dev.gatehouse.core.registry.Operator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The callbacks in force, replaced as a whole. A message is good when the secret of one of them
 * signed it, its time is at most {@link #WINDOW} from now, and its id was not seen within that.
 *
 * <p>Ids are not kept over a restart: what is shown a second time then is the same answer of the
 * same person to the same question, which counts once in any case.
 */
public final class LiveCallbacks implements SignedCallbacks {

  static final Duration WINDOW = Duration.ofMinutes(5);

  /** Good messages within the window; more are refused. */
  static final int USED_MAX = 10_000;

  /** Longest body: anybody can send one, and each secret is tried on it. */
  static final int BODY_BYTES_MAX = 16 << 10;

  private static final int ID_LENGTH_MAX = 256;

  private final InstantSource clock;
  private final UsedOnce used = new UsedOnce();
  private volatile List<Signer> signers = List.of();

  private record Signer(String name, WebhookSecret secret, Map<String, Operator> speaksFor) {}

  public LiveCallbacks(InstantSource clock) {
    this.clock = clock;
  }

  /** From now on these hold; ids that were used stay used. */
  public void replace(List<Receiver> receivers, Collection<Operator> operators) {
    Map<String, Operator> byName =
        operators.stream()
            .collect(Collectors.toMap(Operator::name, Function.identity(), (first, _) -> first));
    signers =
        receivers.stream()
            .flatMap(
                receiver -> receiver.callback().map(it -> signer(receiver, it, byName)).stream())
            .toList();
  }

  private static Signer signer(Receiver receiver, Callback callback, Map<String, Operator> byName) {
    return new Signer(
        receiver.name(),
        callback.secret(),
        callback.operators().stream()
            .flatMap(name -> Optional.ofNullable(byName.get(name)).stream())
            .collect(Collectors.toMap(Operator::name, Function.identity())));
  }

  @Override
  public boolean areTaken() {
    return !signers.isEmpty();
  }

  @Override
  public Check check(String id, String timestamp, String signatures, byte[] body) {
    if (body.length > BODY_BYTES_MAX) {
      return new Check.Refused(
          413,
          "body_too_long",
          "a callback has at most " + BODY_BYTES_MAX + " bytes, this has " + body.length);
    }
    Optional<Signer> signer =
        isWellFormed(id, timestamp) ? signer(id, timestamp, signatures, body) : Optional.empty();
    if (signer.isEmpty()) {
      return new Check.Refused(
          401,
          "signature_refused",
          "no callback's secret signed this; webhook-signature is v1, and the base64 of the"
              + " HMAC-SHA256 over webhook-id.webhook-timestamp.body");
    }
    Instant now = clock.instant();
    Instant at = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(at, now).abs().compareTo(WINDOW) > 0) {
      return new Check.Refused(
          401,
          "timestamp_refused",
          "webhook-timestamp may be " + WINDOW.toSeconds() + " s from now, it is " + timestamp);
    }
    String name = signer.get().name();
    Digest shown = Digest.of((name + "\n" + id).getBytes(StandardCharsets.UTF_8));
    if (!used.use(shown, at.plus(WINDOW).plusMillis(1), now, USED_MAX)) {
      return new Check.Refused(
          409,
          "callback_replayed",
          "this webhook-id came before, or "
              + USED_MAX
              + " others within "
              + WINDOW.toSeconds()
              + " s; each is taken once");
    }
    return new Check.Genuine(name, signer.get().speaksFor());
  }

  private static boolean isWellFormed(String id, String timestamp) {
    return !id.isEmpty() && id.length() <= ID_LENGTH_MAX && timestamp.matches("[0-9]{1,11}");
  }

  private Optional<Signer> signer(String id, String timestamp, String signatures, byte[] body) {
    return signers.stream()
        .filter(signer -> signer.secret().signed(id, timestamp, body, signatures))
        .findFirst();
  }
}
