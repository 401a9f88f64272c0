package dev.troupe.model.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Composes source files into the one text that TorchScript compiles, and translates line numbers
 * back.
 *
 * <p>The methods of every file's {@code class Program} become one class; what the serialized form
 * of a module wants besides (the empty parameter and buffer lists, the type of {@code self}, the
 * prefix of free functions) is added here, so that sources read like PyTorch. Comments and strings
 * between top-level definitions are dropped. Every emitted line remembers where it came from.
 */
final class ProgramText {
  private static final Pattern FUNCTION = Pattern.compile("def\\s+(\\w+)\\s*\\(.*");
  private static final Pattern CLASS = Pattern.compile("class\\s+(\\w+)\\b.*");
  private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)\\s*:\\s*\\S.*");
  private static final Pattern LOCATION =
      Pattern.compile("(File \")?code/__torch__\\.py(?:\", line |:)(\\d+)");

  /** Where a line ends too early, the parser names the one at which it noticed: a later one. */
  private static final Pattern NOTICED_LATER = Pattern.compile("found '(newline|indent|dedent)'");

  private record Origin(String source, int line) {}

  private record Line(String text, Origin origin) {}

  private final String program;
  private final List<Line> attributes = new ArrayList<>();
  private final List<Line> methods = new ArrayList<>();
  private final List<Line> functions = new ArrayList<>();
  private final Set<String> attributeNames = new HashSet<>();
  private final Map<String, Origin> names = new HashMap<>();
  private final Set<String> functionNames = new HashSet<>();
  private final Set<String> classNames = new HashSet<>(Set.of("Program"));
  private final List<Line> emitted = new ArrayList<>();
  private final String code;

  /**
   * @param constants what upper-case names stand for, as TorchScript literals
   */
  ProgramText(String program, List<ProgramSource> sources, Map<String, String> constants) {
    this.program = program;
    sources.forEach(this::read);
    StringBuilder out = new StringBuilder();
    Origin header = new Origin(program, 0);
    ProgramWords words = new ProgramWords(functionNames, classNames, constants);
    emit(out, "class Program(Module):", header);
    emit(out, "  __parameters__ = []", header);
    emit(out, "  __buffers__ = []", header);
    emit(out, "  training : bool", header);
    attributes.forEach(line -> emit(out, line.text(), line.origin()));
    methods.forEach(line -> emit(out, words.rewrite(line.text()), line.origin()));
    functions.forEach(line -> emit(out, words.rewrite(line.text()), line.origin()));
    code = out.toString();
  }

  /** What TorchScript compiles. */
  String code() {
    return code;
  }

  /** Attributes that class {@code Program} declares. */
  Set<String> attributeNames() {
    return Set.copyOf(attributeNames);
  }

  /** The compiler's words with the lines of the sources. */
  String translate(String words) {
    return LOCATION
        .matcher(words)
        .replaceAll(
            match -> {
              Origin origin = origin(match, words);
              return Matcher.quoteReplacement(
                  match.group(1) == null
                      ? origin.source() + ":" + origin.line()
                      : "File \"" + origin.source() + "\", line " + origin.line());
            })
        .replace("__torch__.", "");
  }

  /** The exception that names program, source file and line. */
  ProgramCompileException refusal(RuntimeException cause) {
    String words = String.valueOf(cause.getMessage());
    Matcher location = LOCATION.matcher(words);
    Origin origin =
        location.find() ? origin(location.toMatchResult(), words) : new Origin(program, 0);
    Complaint complaint = Complaint.of(translate(words), true);
    String line = complaint.frames().isEmpty() ? "" : complaint.frames().getLast().text();
    return new ProgramCompileException(
        program,
        origin.source(),
        origin.line(),
        complaint.sentence() + (line.isEmpty() ? "" : ", in [" + line + "]"),
        cause);
  }

  private Origin origin(MatchResult location, String words) {
    // An unclosed bracket is noticed one line past the end.
    int line = Math.clamp(Integer.parseInt(location.group(2)), 1, emitted.size()) - 1;
    if (NOTICED_LATER.matcher(words).find()) {
      do {
        line--;
      } while (line > 0 && saysNothing(emitted.get(line).text()));
    }
    return emitted.get(Math.max(line, 0)).origin();
  }

  private static boolean saysNothing(String line) {
    return line.isBlank() || line.strip().startsWith("#");
  }

  private void emit(StringBuilder out, String line, Origin origin) {
    out.append(line).append('\n');
    emitted.add(new Line(line, origin));
  }

  /** Sorts the blocks of a file; a block is a line without indentation and what follows it. */
  private void read(ProgramSource source) {
    String[] lines = source.text().split("\n", -1);
    boolean[] inString = ProgramWords.insideStrings(lines);
    int at = 0;
    while (at < lines.length) {
      Origin origin = new Origin(source.name(), at + 1);
      String line = lines[at].stripTrailing();
      if (inString[at] || line.isEmpty() || line.startsWith("#") || startsString(line)) {
        at++;
        continue;
      }
      int end = at + 1;
      while (end < lines.length && (inString[end] || continues(lines[end]))) {
        end++;
      }
      Matcher function = FUNCTION.matcher(line);
      Matcher type = CLASS.matcher(line);
      if (function.matches()) {
        define(function.group(1), origin);
        functionNames.add(function.group(1));
        copy(source, lines, at, end, 0, functions);
      } else if (type.matches() && type.group(1).equals("Program")) {
        readProgram(source, lines, inString, at + 1, end);
      } else if (type.matches()) {
        define(type.group(1), origin);
        classNames.add(type.group(1));
        copy(source, lines, at, end, 0, functions);
      } else {
        throw refusal(origin, "expected `def` or `class` without indentation, got [" + line + "]");
      }
      at = end;
    }
  }

  /** The body of {@code class Program}: attributes, then methods; its docstring is dropped. */
  private void readProgram(
      ProgramSource source, String[] lines, boolean[] inString, int from, int to) {
    int indent = -1;
    int at = from;
    while (at < to) {
      Origin origin = new Origin(source.name(), at + 1);
      String text = lines[at].strip();
      if (inString[at] || text.isEmpty() || text.startsWith("#") || startsString(text)) {
        at++;
        continue;
      }
      int depth = indentation(lines[at]);
      indent = indent < 0 ? depth : indent;
      int end = at + 1;
      while (end < to
          && (inString[end]
              || lines[end].isBlank()
              || indentation(lines[end]) > indent
              || lines[end].strip().startsWith("#")
              || lines[end].strip().startsWith(")"))) {
        end++;
      }
      Matcher function = FUNCTION.matcher(text);
      Matcher attribute = ATTRIBUTE.matcher(text);
      if (depth == indent && function.matches()) {
        define("Program." + function.group(1), origin);
        copy(source, lines, at, end, indent, methods);
      } else if (depth == indent && attribute.matches()) {
        if (attributeNames.add(attribute.group(1))) {
          attributes.add(new Line("  " + text, origin));
        }
      } else {
        throw refusal(
            origin, "expected a method or `name: type` in class Program, got [" + text + "]");
      }
      at = end;
    }
  }

  /** Methods come out indented by two spaces, whatever their file uses. */
  private static void copy(
      ProgramSource source, String[] lines, int from, int to, int indent, List<Line> target) {
    for (int i = from; i < to; i++) {
      String line = lines[i].stripTrailing();
      int strip = Math.min(indent, indentation(line));
      String text = indent == 0 || line.isEmpty() ? line : "  " + line.substring(strip);
      target.add(new Line(text, new Origin(source.name(), i + 1)));
    }
  }

  private void define(String name, Origin origin) {
    Origin earlier = names.putIfAbsent(name, origin);
    if (earlier != null) {
      throw refusal(
          origin,
          "["
              + name
              + "] is defined a second time; first in "
              + earlier.source()
              + ", line "
              + earlier.line());
    }
  }

  private ProgramCompileException refusal(Origin origin, String words) {
    return new ProgramCompileException(program, origin.source(), origin.line(), words, null);
  }

  private static boolean startsString(String text) {
    return text.startsWith("\"") || text.startsWith("'");
  }

  private static boolean continues(String line) {
    return line.isBlank()
        || Character.isWhitespace(line.charAt(0))
        || line.startsWith(")")
        || line.startsWith("#");
  }

  private static int indentation(String line) {
    int count = 0;
    while (count < line.length() && line.charAt(count) == ' ') {
      count++;
    }
    return count;
  }
}
