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

  /** Goes on with a tree whose {@link #subtrees} were kept. */
  public static MerkleTree of(ChainHasher hasher, long size, List<byte[]> subtrees) {
    if (size < 0 || Long.bitCount(size) != subtrees.size()) {
      throw new IllegalArgumentException(
          "a tree of " + size + " leaves has not " + subtrees.size() + " complete subtrees");
    }
    MerkleTree tree = new MerkleTree(hasher);
    tree.size = size;
    tree.subtrees.addAll(subtrees);
    return tree;
  }

  /** The roots of its complete subtrees, the largest first; not to be changed. */
  public List<byte[]> subtrees() {
    return List.copyOf(subtrees);
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
