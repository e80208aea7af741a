package dev.gatehouse.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A parsed YAML file as a JSON tree that remembers where each value and key stood.
 *
 * @param root the tree, interpolated
 * @param values JSON pointer of a value → where it begins
 * @param keys JSON pointer of a member → where its key begins
 */
record YamlDocument(JsonNode root, Map<String, Place> values, Map<String, Place> keys) {

  static final int DEPTH_MAX = 40;
  static final int ALIASES_MAX = 50;
  static final int CODE_POINTS_MAX = 8 * 1024 * 1024;

  /** A position in the file, both from 1. */
  record Place(int line, int column) {
    static final Place START = new Place(1, 1);

    static Place of(Optional<Mark> mark) {
      return mark.map(m -> new Place(m.getLine() + 1, m.getColumn() + 1)).orElse(START);
    }
  }

  /**
   * Parses; problems go to the collector.
   *
   * @param members which members of the file are read; the others are left out, with their
   *     references unresolved
   */
  static YamlDocument parse(
      String text, Predicate<String> members, Interpolation interpolation, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(CODE_POINTS_MAX)
            .setMaxAliasesForCollections(ALIASES_MAX)
            .setAllowRecursiveKeys(false)
            .build();
    Reading reading = new Reading(members, interpolation, problems);
    JsonNode root = JsonNodeFactory.instance.objectNode();
    try {
      Optional<Node> node = new Compose(settings).composeString(text);
      if (node.isPresent()) {
        root = reading.read(node.get(), "", 0);
      }
    } catch (MarkedYamlEngineException e) {
      problems.add(
          Place.of(e.getProblemMark().or(e::getContextMark)), "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(Place.START, "not YAML: " + e.getMessage());
    }
    return new YamlDocument(root, reading.values, reading.keys);
  }

  /** Where the value of that pointer begins, or the nearest enclosing value that is there. */
  Place placeOf(String pointer) {
    for (String p = pointer; ; p = p.substring(0, p.lastIndexOf('/'))) {
      Place place = values.get(p);
      if (place != null) {
        return place;
      }
      if (p.isEmpty()) {
        return Place.START;
      }
    }
  }

  /** Where the key of that member begins. */
  Place placeOfKey(String pointer) {
    Place place = keys.get(pointer);
    return place == null ? placeOf(pointer) : place;
  }

  /** The pointer of a member: its name escaped after RFC 6901. */
  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private static final class Reading {
    private final Predicate<String> members;
    private final Interpolation interpolation;
    private final Problems problems;
    private final Map<String, Place> values = new HashMap<>();
    private final Map<String, Place> keys = new HashMap<>();

    Reading(Predicate<String> members, Interpolation interpolation, Problems problems) {
      this.members = members;
      this.interpolation = interpolation;
      this.problems = problems;
    }

    JsonNode read(Node node, String pointer, int depth) {
      Place place = Place.of(node.getStartMark());
      values.put(pointer, place);
      if (depth > DEPTH_MAX) {
        problems.add(place, "nested deeper than " + DEPTH_MAX + " levels");
        return JsonNodeFactory.instance.nullNode();
      }
      return switch (node) {
        case ScalarNode scalar -> scalar(scalar, place);
        case SequenceNode sequence -> sequence(sequence, pointer, depth);
        case MappingNode mapping -> mapping(mapping, pointer, depth);
        default -> JsonNodeFactory.instance.nullNode();
      };
    }

    private JsonNode sequence(SequenceNode sequence, String pointer, int depth) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      List<Node> elements = new ArrayList<>(sequence.getValue());
      for (int i = 0; i < elements.size(); i++) {
        array.add(read(elements.get(i), pointer + "/" + i, depth + 1));
      }
      return array;
    }

    private JsonNode mapping(MappingNode mapping, String pointer, int depth) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      Set<String> seen = new HashSet<>();
      for (NodeTuple member : mapping.getValue()) {
        Place place = Place.of(member.getKeyNode().getStartMark());
        if (!(member.getKeyNode() instanceof ScalarNode key)) {
          problems.add(place, "a key must be a plain name");
          continue;
        }
        if (!seen.add(key.getValue())) {
          problems.add(place, "key '" + key.getValue() + "' stands twice in the same mapping");
          continue;
        }
        if (depth == 0 && !members.test(key.getValue())) {
          continue;
        }
        String at = child(pointer, key.getValue());
        keys.put(at, place);
        object.set(key.getValue(), read(member.getValueNode(), at, depth + 1));
      }
      return object;
    }

    private JsonNode scalar(ScalarNode scalar, Place place) {
      String text = scalar.getValue();
      if (!Interpolation.isNeeded(text)) {
        return typed(text, scalar.getTag());
      }
      String resolved = interpolation.resolve(text, place, problems);
      return scalar.getScalarStyle() == ScalarStyle.PLAIN
          ? plain(resolved)
          : JsonNodeFactory.instance.textNode(resolved);
    }

    private static JsonNode typed(String text, Tag tag) {
      JsonNodeFactory json = JsonNodeFactory.instance;
      if (tag.equals(Tag.NULL)) {
        return json.nullNode();
      }
      if (tag.equals(Tag.BOOL)) {
        return json.booleanNode(Boolean.parseBoolean(text));
      }
      return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? plain(text) : json.textNode(text);
    }

    /** Types a resolved plain scalar: whole numbers and booleans are such, all else is text. */
    private static JsonNode plain(String text) {
      JsonNodeFactory json = JsonNodeFactory.instance;
      if (text.matches("-?(0|[1-9][0-9]{0,17})")) {
        return json.numberNode(Long.parseLong(text));
      }
      if (text.matches("-?[0-9]{1,17}\\.[0-9]{1,17}")) {
        return json.numberNode(Double.parseDouble(text));
      }
      if (text.equals("true") || text.equals("false")) {
        return json.booleanNode(Boolean.parseBoolean(text));
      }
      return json.textNode(text);
    }
  }
}
