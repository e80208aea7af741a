package dev.gatehouse.audit.verify;

import dev.gatehouse.audit.note.VerifierKey;
import dev.gatehouse.audit.stamp.StampAuthorities;
import java.util.List;
import java.util.Optional;

/**
 * Whom somebody who checks a record believes to begin with.
 *
 * @param keys that may have signed its first checkpoints; without them those that the witness kept
 * @param authorities whose time-stamps count
 */
public record Trust(Optional<List<VerifierKey>> keys, StampAuthorities authorities) {

  /** Nobody in particular. */
  public static final Trust UNNAMED = new Trust(Optional.empty(), StampAuthorities.nobody());

  public Trust {
    keys = keys.map(List::copyOf);
  }

  /**
   * Believes what these texts name.
   *
   * @param verifierKeys {@code name+hash+base64}, one a line, as {@code keys/checkpoint.pub} is
   * @param roots certificates in PEM form, to which a time-stamping authority's must lead
   * @throws IllegalArgumentException when one cannot be read
   */
  public static Trust of(Optional<String> verifierKeys, Optional<String> roots) {
    return new Trust(
        verifierKeys.map(VerifierKey::parseAll),
        roots.map(StampAuthorities::parse).orElseGet(StampAuthorities::nobody));
  }
}
