package dev.gatehouse.connectors.scan;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tree of characters that holds words and phrases with their numbers. Immutable once built. */
final class WordTree {

  private static final int ASCII = 128;
  private static final int NONE = -1;

  private final @Nullable WordTree[] near = new WordTree[ASCII];
  private final Map<Character, WordTree> far = new HashMap<>();
  private int whole = NONE;
  private int beginning = NONE;

  /** The tree below that character; null when no word goes on with it. */
  @Nullable WordTree next(char c) {
    return c < ASCII ? near[c] : far.get(c);
  }

  /** The number of the word that ends here; negative when none does. */
  int whole() {
    return whole;
  }

  /** The number of the pattern that takes every word that begins like this; negative when none. */
  int beginning() {
    return beginning;
  }

  /**
   * Adds a word, unless it is there, and gives its number.
   *
   * @param open whether it stands for all words that begin with it
   */
  int add(String word, boolean open, int number) {
    WordTree node = this;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      WordTree child = node.next(c);
      if (child == null) {
        child = new WordTree();
        if (c < ASCII) {
          node.near[c] = child;
        } else {
          node.far.put(c, child);
        }
      }
      node = child;
    }
    if (open) {
      node.beginning = node.beginning == NONE ? number : node.beginning;
      return node.beginning;
    }
    node.whole = node.whole == NONE ? number : node.whole;
    return node.whole;
  }
}
