package dev.gatehouse.connectors.scan;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/**
 * What letters are when case, width, accents and dress are left aside: compatibility decomposition
 * (NFKD) without marks, in lower case, of the blocks where that makes a Latin letter or digit.
 */
final class Folding {

  private static final int[][] BLOCKS = {
    {0xAA, 0x24F}, {0x1D2C, 0x1D6A}, {0x1E00, 0x1EFF}, {0x2070, 0x209C}, {0x2100, 0x214F},
    {0x2460, 0x24FF}, {0xFB00, 0xFB06}, {0xFF10, 0xFF5A}, {0x1D400, 0x1D7FF}, {0x1F110, 0x1F189}
  };

  /** Small capitals, turned and phonetic letters, which NFKD leaves alone. */
  private static final String PHONETIC =
      "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzɡgɑaıiłløoſsßs";

  private static final Map<Integer, String> FOLDED = table();

  private Folding() {}

  /** The folded letter; empty where the code point folds to itself in lower case. */
  static String of(int point) {
    return FOLDED.getOrDefault(point, "");
  }

  /** A Latin letter in full-width, mathematical or enclosed dress. */
  static boolean dressedLatin(int point) {
    return point >= 0x2460
        && (point < 0xFB00 || point > 0xFB06)
        && FOLDED.containsKey(point)
        && Character.isLetter(FOLDED.get(point).charAt(0));
  }

  private static Map<Integer, String> table() {
    Map<Integer, String> table = new HashMap<>();
    for (int[] block : BLOCKS) {
      for (int point = block[0]; point <= block[1]; point++) {
        String plain = plain(point);
        if (!plain.isEmpty()) {
          table.put(point, plain);
        }
      }
    }
    for (int point = 0x1F130; point <= 0x1F189; point++) { // squared and negative letters
      int offset = (point - 0x1F130) % 32;
      if (offset < 26) {
        table.putIfAbsent(point, String.valueOf((char) ('a' + offset)));
      }
    }
    for (int i = 0; i < PHONETIC.length(); i += 2) {
      table.put((int) PHONETIC.charAt(i), PHONETIC.substring(i + 1, i + 2));
    }
    return Map.copyOf(table);
  }

  private static String plain(int point) {
    String decomposed =
        Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKD)
            .toLowerCase(java.util.Locale.ROOT);
    StringBuilder plain = new StringBuilder();
    decomposed
        .chars()
        .filter(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        .forEach(c -> plain.append((char) c));
    return plain.toString();
  }
}
