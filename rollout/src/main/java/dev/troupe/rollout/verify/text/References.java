package dev.troupe.rollout.verify.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.troupe.rollout.verify.settings.JsonText;
import java.util.List;

/** Reference answers of a task: one text, or a JSON list of texts of which each is right. */
final class References {
  private References() {}

  static List<String> of(String expected) {
    if (!expected.strip().startsWith("[")) {
      return List.of(expected);
    }
    try {
      if (JsonText.parse(expected.strip()) instanceof JsonArray array
          && !array.isEmpty()
          && array.asList().stream().allMatch(References::isText)) {
        return array.asList().stream().map(JsonElement::getAsString).toList();
      }
    } catch (JsonParseException _) {
      // A text that begins with a bracket.
    }
    return List.of(expected);
  }

  private static boolean isText(JsonElement element) {
    return element instanceof JsonPrimitive primitive && primitive.isString();
  }
}
