package dev.gatehouse.audit.s3;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where in an S3 store the witness lies.
 *
 * @param bucket its name; versioning and Object Lock belong on it
 * @param prefix what all names in it begin with; empty, or path elements joined by slashes
 * @param region empty lets the SDK find it
 * @param endpoint of a store that is not Amazon's; https, or http on this machine
 * @param allowHttp whether http is allowed elsewhere too
 * @param pathStyle whether the bucket's name goes into the path and not into the host name
 * @param keys empty lets the SDK find them, in the environment, a profile or the machine
 */
public record S3Place(
    String bucket,
    String prefix,
    Optional<String> region,
    Optional<URI> endpoint,
    boolean allowHttp,
    boolean pathStyle,
    Optional<S3Keys> keys) {

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX =
      Pattern.compile("|[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  private static final int PREFIX_CHARS_MAX = 512;

  /** By these the SDK is told of a store that is not Amazon's. */
  private static final List<String> ENDPOINTS = List.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");

  private static final String SCHEME = "s3://";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public S3Place {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException(
          "bucket: 3 to 63 lower-case letters, digits, dots or dashes, not '" + bucket + "'");
    }
    if (prefix.length() > PREFIX_CHARS_MAX || !PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "prefix: at most "
              + PREFIX_CHARS_MAX
              + " letters, digits, dots, dashes or underscores, with slashes between, not '"
              + prefix
              + "'");
    }
    if (endpoint.isPresent()) {
      requireSafe(endpoint.get(), allowHttp);
    }
  }

  private static void requireSafe(URI endpoint, boolean allowHttp) {
    String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(endpoint.getHost());
    boolean safe =
        scheme.equals("https") || (scheme.equals("http") && (allowHttp || LOOPBACK.contains(host)));
    if (endpoint.getHost() == null || !safe) {
      throw new IllegalArgumentException(
          "endpoint: an https URL (http only on this machine, or with allow_http), not '"
              + endpoint
              + "'");
    }
  }

  /** Whether the text names a place in an S3 store. */
  public static boolean isOne(String text) {
    return text.startsWith(SCHEME);
  }

  /**
   * Reads {@code s3://bucket/prefix}; region, endpoint and credentials are what the SDK finds.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static S3Place parse(String text) {
    if (!isOne(text)) {
      throw new IllegalArgumentException("s3://BUCKET/PREFIX was due, not '" + text + "'");
    }
    String[] parts = text.substring(SCHEME.length()).split("/", 2);
    String prefix = parts.length == 1 ? "" : parts[1];
    return new S3Place(
        parts[0],
        prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix,
        Optional.empty(),
        Optional.empty(),
        false,
        ENDPOINTS.stream().anyMatch(System.getenv()::containsKey),
        Optional.empty());
  }

  /** What all names in the bucket begin with. */
  String folder() {
    return prefix.isEmpty() ? "" : prefix + "/";
  }

  /** {@code s3://bucket/prefix}. */
  @Override
  public String toString() {
    return SCHEME + bucket + "/" + prefix;
  }
}
