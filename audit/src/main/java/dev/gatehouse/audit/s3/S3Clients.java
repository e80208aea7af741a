package dev.gatehouse.audit.s3;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes clients of the AWS SDK: blocking, on the caller's thread, bounded in time and attempts. */
final class S3Clients {

  static final int ATTEMPTS_MAX = 3;
  static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
  static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

  private S3Clients() {}

  static S3Client of(S3Place place) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(ATTEMPT_TIMEOUT)
                    .socketTimeout(ATTEMPT_TIMEOUT))
            // Other stores than Amazon's do not know the checksums that the SDK adds by itself.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(place.pathStyle())
                    .chunkedEncodingEnabled(false)
                    .build())
            .credentialsProvider(
                place
                    .keys()
                    .map(S3Clients::fixed)
                    .orElseGet(() -> DefaultCredentialsProvider.builder().build()))
            .overrideConfiguration(
                limits ->
                    limits
                        .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                        .apiCallTimeout(CALL_TIMEOUT)
                        .retryStrategy(retries -> retries.maxAttempts(ATTEMPTS_MAX)));
    place.region().map(Region::of).ifPresent(builder::region);
    place.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static AwsCredentialsProvider fixed(S3Keys keys) {
    return StaticCredentialsProvider.create(
        keys.sessionToken().isPresent()
            ? AwsSessionCredentials.create(
                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken().get())
            : AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey()));
  }
}
