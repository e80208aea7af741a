package dev.gatehouse.audit.chain;

import java.util.ArrayList;
import java.util.List;

/**
 * The RFC 6962 tree over a stream's rows, kept as the roots of its complete subtrees: 64 hashes at
 * most, however many rows. Single thread.
 */
public final class MerkleTree {

  private final ChainHasher hasher;
  private final List<byte[]> subtrees = new ArrayList<>();
  private long size;

  public MerkleTree(ChainHasher hasher) {
    this.hasher = hasher;
  }

  public long size() {
    return size;
  }

  public void append(byte[] leafHash) {
    byte[] node = leafHash;
    for (long carry = size; (carry & 1) == 1; carry >>= 1) {
      node = hasher.node(subtrees.removeLast(), node);
    }
    subtrees.add(node);
    size++;
  }

  /** The tree head over all leaves so far. */
  public byte[] root() {
    if (subtrees.isEmpty()) {
      return ChainHasher.sha256().digest();
    }
    byte[] root = subtrees.getLast();
    for (int i = subtrees.size() - 2; i >= 0; i--) {
      root = hasher.node(subtrees.get(i), root);
    }
    return root;
  }
}
