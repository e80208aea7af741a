package dev.gatehouse.audit.s3;

import java.util.Optional;

/** Credentials for an S3 store; never shown. */
public record S3Keys(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

  public S3Keys {
    if (accessKeyId.isEmpty() || secretAccessKey.isEmpty()) {
      throw new IllegalArgumentException(
          "access_key_id and secret_access_key belong together, and one is empty");
    }
  }

  @Override
  public String toString() {
    return "S3Keys[" + accessKeyId + "]";
  }
}
