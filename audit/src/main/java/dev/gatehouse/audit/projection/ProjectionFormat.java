package dev.gatehouse.audit.projection;

/** The words that a projection uses. */
public enum ProjectionFormat {
  /** OCSF 1.9, one JSON event a line. */
  OCSF,
  /** ArcSight's Common Event Format, version 0, one event a line. */
  CEF,
  /** RFC 5424, one message a line. */
  SYSLOG
}
