package dev.gatehouse.connectors.scan;

import java.util.HashMap;
import java.util.Map;

/**
 * Letters of other scripts that look like Latin ones: a small table of our own, of the pairs that
 * common fonts draw alike. What is merely similar, such as Greek alpha, is not in it.
 */
final class LookAlikes {

  private static final String CYRILLIC =
      "АaВbСcЕeНhІiЈjКkМmОoРpЅsТtХxУyԌgЗ3аaсcеeоoрpхxуyіiјjѕsһhԁdԛqԝwӏlҮyҡk";
  private static final String GREEK = "ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxοoϲcϳj";
  private static final String ARMENIAN = "օoսuոnհhցgզqԼl";
  private static final String CHEROKEE = "ᎪaᏴbᏟcᎠdᎬeᏀgᎻhᎥiᎫjᏦkᏞlᎷmᏢpᏒrᏚsᎢtᏙvᎳwᎩyᏃz";
  private static final String LISU = "ꓮaꓐbꓚcꓓdꓰeꓝfꓖgꓧhꓲiꓙjꓗkꓡlꓟmꓠnꓳoꓑpꓣrꓢsꓔtꓴuꓦvꓪwꓫxꓬyꓜz";

  private static final Map<Character, Character> LATIN = table();

  private LookAlikes() {}

  /** The Latin letter, in lower case, that it looks like; 0 when there is none. */
  static char latin(char letter) {
    Character latin = LATIN.get(letter);
    return latin == null ? 0 : latin;
  }

  private static Map<Character, Character> table() {
    Map<Character, Character> table = new HashMap<>();
    for (String pairs : new String[] {CYRILLIC, GREEK, ARMENIAN, CHEROKEE, LISU}) {
      for (int i = 0; i < pairs.length(); i += 2) {
        table.put(pairs.charAt(i), pairs.charAt(i + 1));
      }
    }
    return Map.copyOf(table);
  }
}
