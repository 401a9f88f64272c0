package dev.troupe.rollout.verify.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.re2j.Pattern;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.protocol.check.NearestName;
import dev.troupe.rollout.verify.settings.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A JSON schema as far as answers need one, compiled: each keyword is a predicate, and a value must
 * satisfy all.
 *
 * <pre>
 * any value   type, enum, const, allOf, anyOf, oneOf, not, and booleans as schemas
 * objects     properties, required, additionalProperties, minProperties, maxProperties
 * arrays      items, minItems, maxItems, uniqueItems
 * texts       minLength, maxLength (code points), pattern (RE2's syntax, found anywhere)
 * numbers     minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
 * said only   title, description, $schema, $id, $comment, default, examples
 * </pre>
 *
 * <p>Keywords mean what they do in the 2020-12 draft. Others, references among them, are refused: a
 * rule that is silently ignored would reward what it forbids.
 */
final class JsonSchema {
  private static final Set<String> SAID_ONLY =
      Set.of("title", "description", "$schema", "$id", "$comment", "default", "examples");
  private static final List<String> KEYWORDS =
      List.of(
          "type",
          "enum",
          "const",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "properties",
          "required",
          "additionalProperties",
          "minProperties",
          "maxProperties",
          "items",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minLength",
          "maxLength",
          "pattern",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf");
  private static final List<String> TYPES =
      List.of("object", "array", "string", "number", "integer", "boolean", "null");

  private final List<Predicate<JsonElement>> rules;

  private JsonSchema(List<Predicate<JsonElement>> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Compiles a schema.
   *
   * @param where it stands, for messages
   * @throws InvalidValueException naming the keyword that can't be used
   */
  static JsonSchema of(String where, JsonElement schema) {
    if (schema instanceof JsonPrimitive flag && flag.isBoolean()) {
      boolean allowed = flag.getAsBoolean();
      return new JsonSchema(List.of(_ -> allowed));
    }
    if (!(schema instanceof JsonObject object)) {
      throw wrong(where, "a schema { ... }, true or false", schema);
    }
    List<Predicate<JsonElement>> rules = new ArrayList<>();
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      if (!SAID_ONLY.contains(entry.getKey())) {
        rules.add(rule(where + "." + entry.getKey(), entry.getKey(), entry.getValue(), object));
      }
    }
    return new JsonSchema(rules);
  }

  boolean allows(JsonElement value) {
    return rules.stream().allMatch(rule -> rule.test(value));
  }

  private static Predicate<JsonElement> rule(
      String at, String keyword, JsonElement value, JsonObject schema) {
    return switch (keyword) {
      case "type" -> ofType(at, value);
      case "enum" -> {
        List<JsonText> allowed = list(at, value).stream().map(JsonText::of).toList();
        yield got -> allowed.contains(JsonText.of(got));
      }
      case "const" -> {
        JsonText wanted = JsonText.of(value);
        yield got -> JsonText.of(got).equals(wanted);
      }
      case "allOf" -> {
        List<JsonSchema> all = schemas(at, value);
        yield got -> all.stream().allMatch(each -> each.allows(got));
      }
      case "anyOf" -> {
        List<JsonSchema> any = schemas(at, value);
        yield got -> any.stream().anyMatch(each -> each.allows(got));
      }
      case "oneOf" -> {
        List<JsonSchema> one = schemas(at, value);
        yield got -> one.stream().filter(each -> each.allows(got)).count() == 1;
      }
      case "not" -> {
        JsonSchema not = of(at, value);
        yield got -> !not.allows(got);
      }
      case "properties", "additionalProperties" -> properties(at, keyword, value, schema);
      case "required" -> {
        List<String> names = list(at, value).stream().map(name -> text(at, name)).toList();
        yield got -> !(got instanceof JsonObject object) || object.keySet().containsAll(names);
      }
      case "items" -> {
        JsonSchema items = of(at, value);
        yield got ->
            !(got instanceof JsonArray array) || array.asList().stream().allMatch(items::allows);
      }
      case "uniqueItems" -> {
        boolean unique = value instanceof JsonPrimitive flag && flag.getAsBoolean();
        yield got -> !unique || !(got instanceof JsonArray array) || isUnique(array);
      }
      case "pattern" -> {
        Pattern pattern = RegularExpression.compiled(at, text(at, value), 0);
        yield got -> !isText(got) || pattern.matcher(got.getAsString()).find();
      }
      default -> measured(at, keyword, value);
    };
  }

  private static Predicate<JsonElement> measured(String at, String keyword, JsonElement value) {
    if (!KEYWORDS.contains(keyword)) {
      throw new InvalidValueException(
          at, "a keyword that is known; nearest: " + NearestName.of(keyword, KEYWORDS), keyword);
    }
    if (!(value instanceof JsonPrimitive primitive && primitive.isNumber())) {
      throw wrong(at, "a number", value);
    }
    double bound = value.getAsDouble();
    return switch (keyword) {
      case "minProperties" -> got -> !(got instanceof JsonObject o) || o.size() >= bound;
      case "maxProperties" -> got -> !(got instanceof JsonObject o) || o.size() <= bound;
      case "minItems" -> got -> !(got instanceof JsonArray a) || a.size() >= bound;
      case "maxItems" -> got -> !(got instanceof JsonArray a) || a.size() <= bound;
      case "minLength" -> got -> !isText(got) || length(got) >= bound;
      case "maxLength" -> got -> !isText(got) || length(got) <= bound;
      case "minimum" -> got -> !isNumber(got) || got.getAsDouble() >= bound;
      case "maximum" -> got -> !isNumber(got) || got.getAsDouble() <= bound;
      case "exclusiveMinimum" -> got -> !isNumber(got) || got.getAsDouble() > bound;
      case "exclusiveMaximum" -> got -> !isNumber(got) || got.getAsDouble() < bound;
      case "multipleOf" -> {
        if (!(bound > 0)) {
          throw wrong(at, "a number above 0", value);
        }
        yield got -> !isNumber(got) || isMultiple(got.getAsDouble(), bound);
      }
      default -> throw wrong(at, "another kind of value", value);
    };
  }

  private static Predicate<JsonElement> properties(
      String at, String keyword, JsonElement value, JsonObject schema) {
    if (keyword.equals("properties")) {
      if (!(value instanceof JsonObject section)) {
        throw wrong(at, "a section of schemas", value);
      }
      Map<String, JsonSchema> named = new HashMap<>();
      section.asMap().forEach((name, inner) -> named.put(name, of(at + "." + name, inner)));
      return got ->
          !(got instanceof JsonObject object)
              || named.entrySet().stream()
                  .allMatch(
                      each ->
                          !object.has(each.getKey())
                              || each.getValue().allows(object.get(each.getKey())));
    }
    JsonSchema others = of(at, value);
    Set<String> named =
        schema.get("properties") instanceof JsonObject section ? section.keySet() : Set.of();
    return got ->
        !(got instanceof JsonObject object)
            || object.asMap().entrySet().stream()
                .allMatch(each -> named.contains(each.getKey()) || others.allows(each.getValue()));
  }

  private static Predicate<JsonElement> ofType(String at, JsonElement value) {
    List<String> types =
        value instanceof JsonArray array
            ? array.asList().stream().map(each -> text(at, each)).toList()
            : List.of(text(at, value));
    if (types.isEmpty() || !TYPES.containsAll(types)) {
      throw wrong(at, "of " + String.join(", ", TYPES), value);
    }
    return got -> types.stream().anyMatch(type -> isOfType(type, got));
  }

  private static boolean isOfType(String type, JsonElement got) {
    return switch (type) {
      case "object" -> got.isJsonObject();
      case "array" -> got.isJsonArray();
      case "string" -> isText(got);
      case "number" -> isNumber(got);
      case "integer" -> isNumber(got) && got.getAsDouble() == Math.rint(got.getAsDouble());
      case "boolean" -> got instanceof JsonPrimitive primitive && primitive.isBoolean();
      default -> got.isJsonNull();
    };
  }

  private static boolean isMultiple(double number, double of) {
    double times = number / of;
    return Math.abs(times - Math.rint(times)) < 1e-9 * Math.max(1, Math.abs(times));
  }

  private static boolean isUnique(JsonArray array) {
    Set<JsonText> seen = new HashSet<>();
    return array.asList().stream().allMatch(each -> seen.add(JsonText.of(each)));
  }

  private static boolean isText(JsonElement got) {
    return got instanceof JsonPrimitive primitive && primitive.isString();
  }

  private static boolean isNumber(JsonElement got) {
    return got instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  private static long length(JsonElement text) {
    return text.getAsString().codePoints().count();
  }

  private static List<JsonSchema> schemas(String at, JsonElement value) {
    return list(at, value).stream().map(each -> of(at, each)).toList();
  }

  private static List<JsonElement> list(String at, JsonElement value) {
    if (value instanceof JsonArray array) {
      return array.asList();
    }
    throw wrong(at, "a list", value);
  }

  private static String text(String at, JsonElement value) {
    if (isText(value)) {
      return value.getAsString();
    }
    throw wrong(at, "a text", value);
  }

  private static InvalidValueException wrong(String at, String expected, JsonElement got) {
    return new InvalidValueException(at, expected, got.toString());
  }
}
