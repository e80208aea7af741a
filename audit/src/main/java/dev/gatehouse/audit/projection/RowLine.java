package dev.gatehouse.audit.projection;

/** Puts rows, in their order, into the words of one format: each into one line. Single thread. */
interface RowLine {

  /** The line, without its end. */
  String of(ProjectedRow row);
}
