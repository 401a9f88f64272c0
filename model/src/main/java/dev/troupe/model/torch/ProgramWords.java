package dev.troupe.model.torch;

import java.util.Map;
import java.util.Set;

/**
 * Rewrites the names in a line of program text: calls of free functions and uses of classes get the
 * prefix that TorchScript's serialized form wants, upper-case constants and {@code torch.float32}
 * and its like become literals, {@code Prepacked} its full name, {@code self} gets its type.
 * Strings and comments stay as they are.
 */
final class ProgramWords {
  private static final Map<String, String> DTYPES =
      Map.of(
          "uint8",
          "0",
          "int8",
          "1",
          "int16",
          "2",
          "int32",
          "3",
          "int64",
          "4",
          "float16",
          "5",
          "float32",
          "6",
          "float64",
          "7",
          "bool",
          "11",
          "bfloat16",
          "15");

  private static final String PREPACKED = "__torch__.torch.classes.xnnpack.LinearOpContext";

  private final Set<String> functions;
  private final Set<String> classes;
  private final Map<String, String> constants;
  private String stringEnd = "";

  ProgramWords(Set<String> functions, Set<String> classes, Map<String, String> constants) {
    this.functions = functions;
    this.classes = classes;
    this.constants = constants;
  }

  /** Lines must come in order: a string may go on over several of them. */
  String rewrite(String line) {
    StringBuilder out = new StringBuilder(line.length() + 16);
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (!stringEnd.isEmpty()) {
        at = string(line, at, out);
      } else if (c == '#') {
        return out.append(line, at, line.length()).toString();
      } else if (c == '"' || c == '\'') {
        stringEnd = line.startsWith(String.valueOf(c).repeat(3), at) ? ("" + c + c + c) : ("" + c);
        out.append(stringEnd);
        at += stringEnd.length();
      } else if (Character.isLetter(c) || c == '_') {
        at = word(line, at, out);
      } else if (Character.isDigit(c)) {
        int end = at + 1;
        while (end < line.length() && isNumberPart(line.charAt(end))) {
          end++;
        }
        out.append(line, at, end);
        at = end;
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  /** Copies up to and including the string's end, or the whole rest. */
  private int string(String line, int from, StringBuilder out) {
    int at = from;
    while (at < line.length()) {
      if (line.charAt(at) == '\\') {
        at += 2;
      } else if (line.startsWith(stringEnd, at)) {
        at += stringEnd.length();
        stringEnd = "";
        break;
      } else {
        at++;
      }
    }
    at = Math.min(at, line.length());
    out.append(line, from, at);
    return at;
  }

  private int word(String line, int from, StringBuilder out) {
    int end = from;
    while (end < line.length() && isWordPart(line.charAt(end))) {
      end++;
    }
    String word = line.substring(from, end);
    String before = out.toString().stripTrailing();
    boolean member = before.endsWith(".");
    boolean defined = before.endsWith("def") || before.endsWith("class");
    String after = line.substring(end).stripLeading();
    if (word.equals("torch") && !member && line.startsWith(".", end)) {
      int dtypeEnd = end + 1;
      while (dtypeEnd < line.length() && isWordPart(line.charAt(dtypeEnd))) {
        dtypeEnd++;
      }
      String dtype = DTYPES.get(line.substring(end + 1, dtypeEnd));
      if (dtype != null && !line.startsWith("(", dtypeEnd)) {
        out.append(dtype);
        return dtypeEnd;
      }
    }
    if (member || defined) {
      out.append(word);
    } else if (constants.containsKey(word)) {
      out.append(constants.get(word));
    } else if (functions.contains(word) && after.startsWith("(")) {
      out.append("__torch__.").append(word);
    } else if (word.equals("Prepacked")) {
      out.append(PREPACKED);
    } else if (classes.contains(word)) {
      out.append("__torch__.").append(word);
    } else if (word.equals("self") && before.endsWith("(") && before.strip().startsWith("def ")) {
      out.append(after.startsWith(":") ? "self" : "self: __torch__.Program");
    } else {
      out.append(word);
    }
    return end;
  }

  /** For every line, whether it begins inside a string of several lines. */
  static boolean[] insideStrings(String[] lines) {
    ProgramWords words = new ProgramWords(Set.of(), Set.of(), Map.of());
    boolean[] inside = new boolean[lines.length];
    for (int i = 0; i < lines.length; i++) {
      inside[i] = words.stringEnd.length() == 3;
      if (words.stringEnd.length() == 1) {
        words.stringEnd = ""; // a plain string ends with its line
      }
      words.rewrite(lines[i]);
    }
    return inside;
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean isNumberPart(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '_';
  }
}
