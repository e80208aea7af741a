package dev.gatehouse.audit.chain;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes of the chain and of the tree beside it. Each kind begins with its own byte, so that
 * none can stand in for another: {@code 0x00} a tree leaf and {@code 0x01} a tree node (RFC 6962
 * section 2.1), {@code 0x02} a chain link, {@code 0x03} the start of a stream.
 *
 * <p>Single thread; keeps its scratch space.
 */
public final class ChainHasher {

  static final int LEAF_BYTES = 8 + 8 + Frame.HASH_BYTES + Frame.HASH_BYTES;

  private static final int LINK_INPUT_BYTES = 1 + Frame.HASH_BYTES + 8 + 8 + Frame.HASH_BYTES;
  private final MessageDigest sha256 = sha256();
  private final byte[] linkInput = new byte[LINK_INPUT_BYTES];
  private final byte[] leafInput = new byte[1 + LEAF_BYTES];
  private final byte[] nodeInput = new byte[1 + 2 * Frame.HASH_BYTES];

  public ChainHasher() {
    linkInput[0] = 2;
    leafInput[0] = 0;
    nodeInput[0] = 1;
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** {@code SHA-256(bytes)} into {@code out}. */
  public void plain(byte[] bytes, int from, int length, byte[] out) {
    sha256.update(bytes, from, length);
    finish(out);
  }

  /** {@code SHA-256(0x02 ‖ prev ‖ seq ‖ ts ‖ payloadHash)} into {@code out}, which may be prev. */
  public void link(byte[] prev, long seq, long ts, byte[] hash, int hashAt, byte[] out) {
    System.arraycopy(prev, 0, linkInput, 1, Frame.HASH_BYTES);
    Frame.putLong(linkInput, 33, seq);
    Frame.putLong(linkInput, 41, ts);
    System.arraycopy(hash, hashAt, linkInput, 49, Frame.HASH_BYTES);
    sha256.update(linkInput);
    finish(out);
  }

  /**
   * What stands before a stream's first row: {@code SHA-256(0x03 ‖ last link of the stream before ‖
   * name)}; 32 zero bytes where there is no stream before.
   */
  public byte[] genesis(byte[] previousLink, StreamName name) {
    sha256.update((byte) 3);
    sha256.update(previousLink);
    return sha256.digest(name.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** {@code SHA-256(0x00 ‖ seq ‖ ts ‖ link ‖ payloadHash)}. */
  public byte[] leaf(long seq, long ts, byte[] frame, int frameAt) {
    return leafOf(seq, ts, frame, frameAt + Frame.LINK);
  }

  /** The same, of link and payload hash alone. */
  public byte[] leaf(long seq, long ts, byte[] hashes) {
    return leafOf(seq, ts, hashes, 0);
  }

  private byte[] leafOf(long seq, long ts, byte[] hashes, int at) {
    Frame.putLong(leafInput, 1, seq);
    Frame.putLong(leafInput, 9, ts);
    System.arraycopy(hashes, at, leafInput, 17, 2 * Frame.HASH_BYTES);
    return sha256.digest(leafInput);
  }

  /** {@code SHA-256(0x01 ‖ left ‖ right)}. */
  public byte[] node(byte[] left, byte[] right) {
    System.arraycopy(left, 0, nodeInput, 1, Frame.HASH_BYTES);
    System.arraycopy(right, 0, nodeInput, 1 + Frame.HASH_BYTES, Frame.HASH_BYTES);
    return sha256.digest(nodeInput);
  }

  private void finish(byte[] out) {
    try {
      sha256.digest(out, 0, Frame.HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 digest fits 32 bytes", e);
    }
  }
}
