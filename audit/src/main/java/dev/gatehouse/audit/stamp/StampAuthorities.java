package dev.gatehouse.audit.stamp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.TimeStampTokenInfo;

/**
 * The time-stamping authorities that a reader believes, by their root certificates. Judges stamps
 * without asking anybody; revocation is not looked up. Thread-safe.
 */
public final class StampAuthorities {

  /** The longest response that is read. */
  public static final int RESPONSE_BYTES_MAX = 64 << 10;

  /** So far the gateway's clock may be ahead of the authority's. */
  public static final Duration AHEAD_MAX = Duration.ofMinutes(5);

  /** So long after its time a note may be stamped: one that was dated back is not. */
  public static final Duration BEHIND_MAX = Duration.ofMinutes(15);

  private static final StampAuthorities NOBODY = new StampAuthorities(Set.of());

  private final Set<TrustAnchor> roots;

  private StampAuthorities(Set<TrustAnchor> roots) {
    this.roots = Set.copyOf(roots);
  }

  /** Believes nobody: stamps are judged, and none is {@link Stamp#vouched}. */
  public static StampAuthorities nobody() {
    return NOBODY;
  }

  /**
   * Believes those whose certificates lead to one of these.
   *
   * @param pem certificates, one behind the other
   * @throws IllegalArgumentException when there is none, or one cannot be read
   */
  public static StampAuthorities parse(String pem) {
    try {
      Set<TrustAnchor> roots = new HashSet<>();
      for (var each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
        roots.add(new TrustAnchor((X509Certificate) each, null));
      }
      if (roots.isEmpty()) {
        throw new IllegalArgumentException("no certificate in PEM form is there");
      }
      return new StampAuthorities(roots);
    } catch (CertificateException e) {
      throw new IllegalArgumentException("a certificate that cannot be read", e);
    }
  }

  /**
   * Judges a time-stamp of a note.
   *
   * @param response an authority's answer, DER
   * @param note the text that was stamped
   * @param notedAt when the note says that it was signed
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public Stamp check(byte[] response, String note, Instant notedAt) {
    try {
      TimeStampToken token = token(response);
      TimeStampTokenInfo said = token.getTimeStampInfo();
      requireImprint(said, note);
      X509Certificate signer = signer(token);
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
      Instant at = said.getGenTime().toInstant();
      requirePlausible(at, notedAt);
      if (!roots.isEmpty()) {
        requireLeadsToRoot(signer, certificates(token), at);
      }
      return new Stamp(at, signer.getSubjectX500Principal().getName(), !roots.isEmpty());
    } catch (TSPException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalArgumentException("its time-stamp does not hold: " + e.getMessage(), e);
    }
  }

  private static TimeStampToken token(byte[] response) throws TSPException {
    if (response.length > RESPONSE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "its time-stamp has %d bytes; at most %d".formatted(response.length, RESPONSE_BYTES_MAX));
    }
    try {
      TimeStampToken token = new TimeStampResponse(response).getTimeStampToken();
      if (token != null) {
        return token;
      }
      throw new IllegalArgumentException("its time-stamp was refused by the authority");
    } catch (IOException e) {
      throw new IllegalArgumentException("its time-stamp cannot be read", e);
    }
  }

  private static void requireImprint(TimeStampTokenInfo said, String note)
      throws GeneralSecurityException {
    byte[] due = MessageDigest.getInstance("SHA-256").digest(note.getBytes(StandardCharsets.UTF_8));
    boolean same =
        NISTObjectIdentifiers.id_sha256.equals(said.getMessageImprintAlgOID())
            && MessageDigest.isEqual(due, said.getMessageImprintDigest());
    if (!same) {
      throw new IllegalArgumentException("its time-stamp is of something else");
    }
  }

  private static void requirePlausible(Instant at, Instant notedAt) {
    if (at.isBefore(notedAt.minus(AHEAD_MAX)) || at.isAfter(notedAt.plus(BEHIND_MAX))) {
      throw new IllegalArgumentException(
          "it says %s, and its time-stamp %s; at most %d min before and %d min behind are plausible"
              .formatted(notedAt, at, AHEAD_MAX.toMinutes(), BEHIND_MAX.toMinutes()));
    }
  }

  private static X509Certificate signer(TimeStampToken token) throws CertificateException {
    List<X509CertificateHolder> found =
        token.getCertificates().getMatches(null).stream()
            .filter(token.getSID()::match)
            .distinct()
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException("its time-stamp does not bring its signer's certificate");
    }
    return new JcaX509CertificateConverter().getCertificate(found.getFirst());
  }

  private static List<X509Certificate> certificates(TimeStampToken token)
      throws CertificateException {
    List<X509Certificate> all = new ArrayList<>();
    for (X509CertificateHolder each : token.getCertificates().getMatches(null)) {
      all.add(new JcaX509CertificateConverter().getCertificate(each));
    }
    return all;
  }

  private void requireLeadsToRoot(X509Certificate signer, List<X509Certificate> brought, Instant at)
      throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(signer);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(roots, target);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(brought)));
    parameters.setRevocationEnabled(false); // nobody is asked
    parameters.setDate(Date.from(at));
    var _ = CertPathBuilder.getInstance("PKIX").build(parameters);
  }
}
