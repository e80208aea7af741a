package dev.gatehouse.audit.proof;

import dev.gatehouse.audit.chain.ChainHasher;
import java.util.Arrays;
import java.util.List;

/** Checks the paths of proofs, as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say. */
final class ProofPaths {

  private ProofPaths() {}

  /** Whether the path leads from the leaf to the root. */
  static boolean includes(long index, long size, byte[] leaf, List<byte[]> path, byte[] root) {
    if (index < 0 || index >= size) {
      return false;
    }
    ChainHasher hasher = new ChainHasher();
    long left = index;
    long last = size - 1;
    byte[] hash = leaf;
    for (byte[] sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((left & 1) == 1 || left == last) {
        hash = hasher.node(sibling, hash);
        while ((left & 1) == 0 && left != 0) {
          left >>= 1;
          last >>= 1;
        }
      } else {
        hash = hasher.node(hash, sibling);
      }
      left >>= 1;
      last >>= 1;
    }
    return last == 0 && Arrays.equals(hash, root);
  }

  /** Whether the path shows that the larger tree begins with the smaller one. */
  static boolean extendsTree(
      long older, byte[] olderRoot, long size, byte[] root, List<byte[]> path) {
    if (older == size) {
      return path.isEmpty() && Arrays.equals(olderRoot, root);
    }
    if (older < 1 || older > size || path.isEmpty()) {
      return false;
    }
    ChainHasher hasher = new ChainHasher();
    boolean whole = Long.bitCount(older) == 1;
    long left = older - 1;
    long last = size - 1;
    while ((left & 1) == 1) {
      left >>= 1;
      last >>= 1;
    }
    byte[] small = whole ? olderRoot : path.getFirst();
    byte[] large = small;
    for (byte[] sibling : whole ? path : path.subList(1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((left & 1) == 1 || left == last) {
        small = hasher.node(sibling, small);
        large = hasher.node(sibling, large);
        while ((left & 1) == 0 && left != 0) {
          left >>= 1;
          last >>= 1;
        }
      } else {
        large = hasher.node(large, sibling);
      }
      left >>= 1;
      last >>= 1;
    }
    return last == 0 && Arrays.equals(small, olderRoot) && Arrays.equals(large, root);
  }
}
