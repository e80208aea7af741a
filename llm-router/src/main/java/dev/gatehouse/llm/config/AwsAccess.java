package dev.gatehouse.llm.config;

import java.util.Optional;

/** The keys of an AWS identity, which sign requests and never travel. */
public record AwsAccess(String accessKeyId, Secret secretAccessKey, Optional<Secret> sessionToken) {

  public AwsAccess {
    if (!accessKeyId.matches("[A-Za-z0-9]{4,128}")) {
      throw new IllegalArgumentException("an AWS access key id has 4 to 128 letters and digits");
    }
  }
}
