package dev.gatehouse.audit.chain;

import java.nio.file.Path;

/**
 * The first row that does not hold, and why.
 *
 * @param stream the stream's name
 * @param seq the row's number; where it cannot be read, the number that was due there
 * @param file where it lies
 * @param offsetBytes where its frame begins in that file
 * @param what what is wrong, for people
 */
public record BadRow(String stream, long seq, Path file, long offsetBytes, String what) {

  @Override
  public String toString() {
    return stream + "/" + seq + " (" + file + " at byte " + offsetBytes + "): " + what;
  }
}
