package dev.gatehouse.audit.s3;

import dev.gatehouse.audit.witness.WitnessObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Copies a witness out of a bucket, for whoever judges the record: a listing and a read of each
 * object, with the reader's own credentials. Single use; blocks.
 */
public final class S3Copy {

  /** Longest note that is read; the longest that a gateway writes has some 1.5 MB. */
  public static final long OBJECT_BYTES_MAX = 4L << 20;

  private static final int READERS = 16;

  private final S3Place place;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  public S3Copy(S3Place place) {
    this.place = place;
  }

  /**
   * Copies all checkpoints and keys into a folder, where they lie as in a witness directory.
   *
   * @return how many
   * @throws IOException when the bucket cannot be read, or holds what no gateway puts there, such
   *     as two checkpoints under one number
   */
  public int into(Path folder) throws IOException {
    try (S3Client client = S3Clients.of(place);
        ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> reads = new ArrayList<>();
      ListObjectsV2Request all =
          ListObjectsV2Request.builder().bucket(place.bucket()).prefix(place.folder()).build();
      try {
        for (S3Object object : client.listObjectsV2Paginator(all).contents()) {
          reads.add(
              readers.submit(
                  () -> {
                    copy(client, object, folder);
                    return null;
                  }));
        }
        for (Future<?> read : reads) {
          read.get();
        }
      } catch (ExecutionException | InterruptedException | SdkException e) {
        readers.shutdownNow();
        throw failed(e);
      }
      return reads.size();
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  private IOException failed(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    Throwable cause = e instanceof ExecutionException ? Objects.requireNonNull(e.getCause()) : e;
    return new IOException("the witness " + place + ": " + cause.getMessage(), cause);
  }

  private void copy(S3Client client, S3Object object, Path folder) throws IOException {
    String name = object.key().substring(place.folder().length());
    Optional<WitnessObject> parsed = WitnessObject.parse(name);
    if (parsed.isEmpty()) {
      throw new IOException(name + " is nothing that a gateway puts there");
    }
    if (object.size() > OBJECT_BYTES_MAX) {
      throw new IOException(
          "%s has %d bytes; at most %d".formatted(name, object.size(), OBJECT_BYTES_MAX));
    }
    byte[] content =
        client
            .getObjectAsBytes(
                GetObjectRequest.builder().bucket(place.bucket()).key(object.key()).build())
            .asByteArray();
    if (!WitnessObject.named(parsed.get().path(), content).equals(name)) {
      throw new IOException(name + " holds something else than its name says");
    }
    if (!taken.add(parsed.get().path())) {
      throw new IOException("two different notes lie at " + parsed.get().path());
    }
    Path file = folder.resolve(parsed.get().path());
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, content);
  }
}
