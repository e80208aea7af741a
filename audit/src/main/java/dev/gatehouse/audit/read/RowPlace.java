package dev.gatehouse.audit.read;

/**
 * Where a row lies on disk.
 *
 * @param stream the stream's name
 * @param seq the row's number
 * @param segment number of its segment
 * @param offsetBytes where in the segment its frame begins
 */
public record RowPlace(String stream, long seq, int segment, long offsetBytes) {

  /** The row's name, for people: {@code stream/seq}. */
  public String name() {
    return stream + "/" + seq;
  }
}
