package dev.gatehouse.core.audit;

/**
 * A proof that a row is durable: its place in the chain and the chain's hash there.
 *
 * @param stream the stream's name, {@code node-epoch-class}
 * @param seq the row's number in the stream, from 0
 * @param link chain hash at that row, 64 hexadecimal digits
 */
public record AuditReceipt(String stream, long seq, String link) {

  /** {@code stream/seq}, the form that people and {@code gatehouse audit} use. */
  @Override
  public String toString() {
    return stream + "/" + seq;
  }
}
