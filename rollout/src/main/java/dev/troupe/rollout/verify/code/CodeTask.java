package dev.troupe.rollout.verify.code;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.troupe.rollout.verify.settings.JsonText;
import java.util.ArrayList;
import java.util.List;

/**
 * What a task expects of code. It is written as a JSON object; fields that aren't listed are passed
 * over, so that a row of a data set can be given as it is.
 *
 * <pre>
 * {"test": "def check(candidate): ...", "entry_point": "f", "prompt": "def f(x): ..."}   HumanEval
 * {"test_list": ["assert f(1) == 2", ...], "test_setup_code": "import math"}             MBPP
 * {"cases": [{"input": "1 2\n", "output": "3\n"}, ...]}                                  programs
 * </pre>
 */
sealed interface CodeTask {
  /** In words. */
  String EXPECTS =
      "a JSON object: {\"test\": PYTHON, \"entry_point\": NAME, \"prompt\": PYTHON},"
          + " {\"test_list\": [ASSERT, ...], \"test_setup_code\": PYTHON} or"
          + " {\"cases\": [{\"input\": TEXT, \"output\": TEXT}, ...]}";

  /**
   * Functions, which tests call.
   *
   * @param prompt Python that the answer continues; may be empty
   * @param context Python that the tests may use; may be empty
   * @param entry the function's name; may be empty
   */
  record Functions(String prompt, String context, String entry, String tests) implements CodeTask {}

  /** A program that reads and prints. */
  record Programs(List<Case> cases) implements CodeTask {
    public Programs {
      cases = List.copyOf(cases);
    }
  }

  /** An input and what is to be printed. */
  record Case(String input, String output) {}

  /**
   * Reads what a task says.
   *
   * @throws IllegalArgumentException for anything else, saying what is wrong
   */
  static CodeTask of(String expected) {
    if (!(parse(expected) instanceof JsonObject object)) {
      throw new IllegalArgumentException("expected " + EXPECTS + ", got [" + expected + "]");
    }
    if (object.has("cases")) {
      return programs(array(object, "cases"));
    }
    if (object.has("test_list")) {
      List<String> asserts = new ArrayList<>();
      array(object, "test_list").forEach(each -> asserts.add(text(each, "test_list")));
      if (asserts.isEmpty()) {
        throw new IllegalArgumentException("[test_list] is empty, expected at least one assert");
      }
      String setup = optional(object, "test_setup_code");
      return new Functions("", setup, "", String.join("\n", asserts) + "\n");
    }
    if (object.has("test") && object.has("entry_point")) {
      String prompt = optional(object, "prompt");
      String entry = text(object.get("entry_point"), "entry_point");
      String tests = text(object.get("test"), "test") + "\ncheck(" + entry + ")\n";
      return new Functions(prompt, prompt, entry, tests);
    }
    throw new IllegalArgumentException(
        "expected " + EXPECTS + ", got an object with " + object.keySet());
  }

  private static JsonElement parse(String expected) {
    try {
      return JsonText.parse(expected);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(
          "expected " + EXPECTS + ", got [" + expected + "]: " + e.getMessage(), e);
    }
  }

  private static Programs programs(JsonArray array) {
    List<Case> cases = new ArrayList<>();
    for (JsonElement each : array) {
      if (!(each instanceof JsonObject object)) {
        throw new IllegalArgumentException(
            "[cases] must be objects {\"input\": TEXT, \"output\": TEXT}, got [" + each + "]");
      }
      cases.add(new Case(optional(object, "input"), text(object.get("output"), "cases.output")));
    }
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("[cases] is empty, expected at least one");
    }
    return new Programs(cases);
  }

  private static JsonArray array(JsonObject object, String name) {
    JsonElement value = object.get(name);
    if (value instanceof JsonArray array) {
      return array;
    }
    throw new IllegalArgumentException("[" + name + "] must be a list, got [" + value + "]");
  }

  private static String optional(JsonObject object, String name) {
    return object.has(name) ? text(object.get(name), name) : "";
  }

  private static String text(JsonElement value, String name) {
    if (value instanceof JsonPrimitive primitive && primitive.isString()) {
      return primitive.getAsString();
    }
    throw new IllegalArgumentException("[" + name + "] must be a text, got [" + value + "]");
  }
}
