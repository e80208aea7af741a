package dev.gatehouse.connectors.scan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rules of {@code phrases.txt}. A line is {@code $class = words} or {@code detector: slots}. A
 * slot is {@code word|word|$class}; {@code _} parts the words of one phrase, {@code word*} is every
 * word that begins so, {@code ~3} before a slot lets up to three tokens stand between.
 */
final class PhraseBook {

  private static final String RESOURCE = "phrases.txt";

  /** The rules that ship with the scanner. */
  static final PhraseBook OWN = read();

  private final WordTree tree = new WordTree();
  private final List<PhraseRule> rules = new ArrayList<>();
  private final List<List<PhraseRule>> byFirstWord = new ArrayList<>();
  private final Map<String, BitSet> classes = new HashMap<>();
  private int words;

  private PhraseBook() {}

  WordTree tree() {
    return tree;
  }

  /** The rules whose first slot that word fills. */
  List<PhraseRule> beginningWith(int word) {
    return byFirstWord.get(word);
  }

  private static PhraseBook read() {
    PhraseBook book = new PhraseBook();
    try (InputStream in = PhraseBook.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          book.line(line.strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int word = 0; word < book.words; word++) {
      int first = word;
      book.byFirstWord.add(book.rules.stream().filter(rule -> rule.beginsWith(first)).toList());
    }
    return book;
  }

  private void line(String line) {
    if (line.startsWith("$")) {
      int equals = line.indexOf('=');
      classes
          .computeIfAbsent(line.substring(0, equals).strip(), _ -> new BitSet())
          .or(slot(line.substring(equals + 1).strip()));
      return;
    }
    int colon = line.indexOf(':');
    Detector detector = Detector.valueOf(line.substring(0, colon).toUpperCase(Locale.ROOT));
    List<PhraseRule.Slot> slots = new ArrayList<>();
    int gap = 0;
    for (String part : line.substring(colon + 1).strip().split(" +", -1)) {
      if (part.startsWith("~")) {
        gap = Integer.parseInt(part.substring(1));
      } else {
        slots.add(new PhraseRule.Slot(slot(part), gap));
        gap = 0;
      }
    }
    rules.add(new PhraseRule(detector, List.copyOf(slots)));
  }

  private BitSet slot(String alternatives) {
    BitSet numbers = new BitSet();
    for (String alternative : alternatives.split("\\|", -1)) {
      String word = alternative.strip();
      if (word.startsWith("$")) {
        BitSet known = classes.get(word);
        if (known == null) {
          throw new IllegalStateException("no class " + word + " in " + RESOURCE);
        }
        numbers.or(known);
      } else {
        numbers.set(number(word));
      }
    }
    return numbers;
  }

  private int number(String written) {
    boolean open = written.endsWith("*");
    String plain = open ? written.substring(0, written.length() - 1) : written;
    String folded =
        switch (plain) {
          case "<url>" -> String.valueOf(Tokens.URL);
          case "<email>" -> String.valueOf(Tokens.EMAIL);
          default -> folded(plain.replace('_', ' '));
        };
    if (folded.isEmpty()) {
      throw new IllegalStateException("an empty word in " + RESOURCE + ": " + written);
    }
    int number = tree.add(folded, open, words);
    words = Math.max(words, number + 1);
    return number;
  }

  private static String folded(String phrase) {
    Tokens tokens = Tokens.of(phrase);
    StringBuilder folded = new StringBuilder();
    for (int i = 0; i < tokens.length(); i++) {
      folded.append(tokens.at(i));
    }
    return folded.toString();
  }
}
