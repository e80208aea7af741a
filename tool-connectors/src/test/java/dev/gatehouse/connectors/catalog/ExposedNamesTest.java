package dev.gatehouse.connectors.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.catalog.ExposedNames.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExposedNamesTest {

  @Test
  void prefixAndToolAreJoined() {
    assertThat(name("tickets", "tickets", "close")).isEqualTo("tickets__close");
    assertThat(name("tickets", "", "close")).isEqualTo("close");
  }

  @Test
  void whatStrictClientsRefuseIsReplaced() {
    assertThat(name("c", "my server", "files/read.v2")).isEqualTo("my_server__files_read_v2");
    assertThat(name("c", "", "größe")).isEqualTo("gr__e");
  }

  @Test
  void sixtyFourCharactersStayAndSixtyFiveAreCutWithAHash() {
    String longest = "x".repeat(61);
    assertThat(name("c", "c", longest)).isEqualTo("c__" + longest);
    String cut = name("c", "c", longest + "y");
    assertThat(cut).hasSize(64).startsWith("c__xxx").matches("[a-zA-Z0-9_-]+");
    assertThat(cut).isNotEqualTo(name("c", "c", longest + "z"));
    assertThat(cut).as("the same at every start").isEqualTo(name("c", "c", longest + "y"));
  }

  @Test
  void eachOfThoseThatWantTheSameNameGetsAHashInAnyOrder() {
    Candidate a = new Candidate("a", "", "close");
    Candidate b = new Candidate("b", "", "close");
    Candidate other = new Candidate("b", "", "open");
    Map<Candidate, String> names = ExposedNames.of(List.of(a, b, other));
    assertThat(names.get(a)).matches("close_[0-9a-f]{8}").isNotEqualTo(names.get(b));
    assertThat(names.get(b)).matches("close_[0-9a-f]{8}");
    assertThat(names.get(other)).isEqualTo("open");
    assertThat(ExposedNames.of(List.of(other, b, a))).isEqualTo(names);
  }

  @Test
  void aToolCannotTakeTheHashedNameOfAnother() {
    Candidate a = new Candidate("a", "", "close");
    Candidate b = new Candidate("b", "", "close");
    String hashed = ExposedNames.of(List.of(a, b)).get(a);
    Candidate squatter = new Candidate("c", "", String.valueOf(hashed));
    Map<Candidate, String> names = ExposedNames.of(List.of(a, b, squatter));
    assertThat(names).doesNotContainValue(hashed);
    assertThat(new HashSet<>(names.values())).hasSize(3);
  }

  @Test
  void randomCandidatesAllGetDifferentNamesWhateverTheirOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    HashSet<Candidate> candidates = new HashSet<>();
    String[] pieces = {"a", "_", "__", ".", "é", "x".repeat(40)};
    for (int i = 0; i < 400; i++) {
      StringBuilder tool = new StringBuilder("t");
      for (int piece = random.nextInt(4); piece > 0; piece--) {
        tool.append(pieces[random.nextInt(pieces.length)]);
      }
      String connector = "c" + random.nextInt(5);
      candidates.add(new Candidate(connector, random.nextBoolean() ? "" : "p", tool.toString()));
    }
    HashSet<String> connectorsAndTools = new HashSet<>();
    candidates.removeIf(one -> !connectorsAndTools.add(one.connector() + ' ' + one.name()));
    List<Candidate> order = new ArrayList<>(candidates);

    Map<Candidate, String> names = ExposedNames.of(order);
    Collections.shuffle(order, random);

    assertThat(ExposedNames.of(order)).as("seed %d", seed).isEqualTo(names);
    assertThat(new HashSet<>(names.values())).as("seed %d", seed).hasSize(candidates.size());
    assertThat(names.values())
        .as("seed %d", seed)
        .allMatch(name -> name.matches("[a-zA-Z0-9_-]{1,64}"));
  }

  private static String name(String connector, String prefix, String tool) {
    Candidate candidate = new Candidate(connector, prefix, tool);
    return String.valueOf(ExposedNames.of(List.of(candidate)).get(candidate));
  }
}
