package dev.gatehouse.audit.s3;

import dev.gatehouse.audit.chain.ChainHasher;
import dev.gatehouse.audit.witness.WitnessStore;
import java.io.IOException;
import java.util.Base64;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The bucket as the gateway uses it: objects are put, once each, and never read, replaced or
 * deleted.
 *
 * <p>When a put fails on the way back, the object may be there; the next put is then refused with
 * 412. That counts as kept: the name holds the content's hash, and nobody can have known it before.
 */
public final class S3Store implements WitnessStore {

  private static final int PRECONDITION_FAILED = 412;

  private final S3Place place;
  private final S3Client client;

  private S3Store(S3Place place, S3Client client) {
    this.place = place;
    this.client = client;
  }

  /**
   * Does not connect yet.
   *
   * @throws IOException when the SDK finds no region
   */
  public static S3Store open(S3Place place) throws IOException {
    try {
      return new S3Store(place, S3Clients.of(place));
    } catch (SdkException e) {
      throw new IOException("the witness " + place + " cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public void put(String name, byte[] content) throws IOException {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(place.bucket())
            .key(place.folder() + name)
            .ifNoneMatch("*")
            .contentType("text/plain; charset=utf-8")
            // A bucket with Object Lock takes nothing without a checksum.
            .checksumSHA256(
                Base64.getEncoder().encodeToString(ChainHasher.sha256().digest(content)))
            .build();
    try {
      client.putObject(request, RequestBody.fromBytes(content));
    } catch (S3Exception e) {
      if (e.statusCode() != PRECONDITION_FAILED) {
        throw failed(name, e);
      }
    } catch (SdkException e) {
      throw failed(name, e);
    }
  }

  private IOException failed(String name, SdkException e) {
    return new IOException(
        "the witness " + place + " did not take " + name + ": " + e.getMessage(), e);
  }

  @Override
  public String place() {
    return place.toString();
  }

  @Override
  public void close() {
    client.close();
  }
}
