package dev.troupe.rollout.task;

import java.util.ArrayList;
import java.util.List;

/**
 * Text with {@code {field}} for fields of a JSON object; {@code {{} and {@code }}} stand for
 * braces.
 */
final class PromptTemplate {
  /** Text as it is, or the name of a field. */
  private record Piece(boolean field, String text) {}

  private final List<Piece> pieces = new ArrayList<>();

  PromptTemplate(String template) {
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      boolean doubled = i + 1 < template.length() && template.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && doubled) {
        literal.append(c);
        i++;
      } else if (c == '{') {
        int end = template.indexOf('}', i);
        if (end < 0 || end == i + 1) {
          throw bad(template, i);
        }
        pieces.add(new Piece(false, literal.toString()));
        literal.setLength(0);
        pieces.add(new Piece(true, template.substring(i + 1, end)));
        i = end;
      } else if (c == '}') {
        throw bad(template, i);
      } else {
        literal.append(c);
      }
    }
    pieces.add(new Piece(false, literal.toString()));
  }

  String fill(JsonLines.Line line) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      text.append(piece.field() ? line.text(piece.text()) : piece.text());
    }
    return text.toString();
  }

  private static BadTasksException bad(String template, int at) {
    return new BadTasksException(
        "prompt template ["
            + template
            + "] has a lone brace at character ["
            + (at + 1)
            + "], expected {field}; write {{ or }} for a brace itself");
  }
}
