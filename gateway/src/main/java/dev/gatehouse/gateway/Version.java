package dev.gatehouse.gateway;

/** The version of this build. */
public final class Version {

  private Version() {}

  /** As in the jar's manifest; {@code development} outside of a jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
