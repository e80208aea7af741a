package dev.gatehouse.gateway.cli;

import dev.gatehouse.audit.s3.S3Copy;
import dev.gatehouse.audit.s3.S3Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The witness that an operator named, as a folder: a bucket is copied into one that lasts until
 * this is closed.
 */
record WitnessFolder(Optional<Path> folder, boolean passing) implements AutoCloseable {

  /** Of a folder, a bucket or none. */
  static WitnessFolder of(@Nullable String named) throws IOException {
    if (named == null) {
      return new WitnessFolder(Optional.empty(), false);
    }
    if (!S3Place.isOne(named)) {
      return new WitnessFolder(Optional.of(Path.of(named)), false);
    }
    S3Place bucket = place(named);
    WitnessFolder copy =
        new WitnessFolder(Optional.of(Files.createTempDirectory("gatehouse-witness")), true);
    try {
      int files = new S3Copy(bucket).into(copy.folder.orElseThrow());
      System.err.printf("read %,d objects of %s%n", files, bucket);
      return copy;
    } catch (IOException | RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  private static S3Place place(String named) {
    try {
      return S3Place.parse(named);
    } catch (IllegalArgumentException e) {
      throw new CliException("--witness: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (passing) {
      List<Path> files;
      try (Stream<Path> all = Files.walk(folder.orElseThrow())) {
        files = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }
}
