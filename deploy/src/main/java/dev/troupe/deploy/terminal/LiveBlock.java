package dev.troupe.deploy.terminal;

import java.io.PrintStream;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A few lines at the bottom of a terminal that are drawn again and again; messages appear above
 * them and stay. Not more than one at a time.
 */
final class LiveBlock {
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final IntSupplier columns;
  private List<String> lines = List.of();

  /** Draws on {@code out}, whose width {@code columns} tells at any moment. */
  LiveBlock(PrintStream out, IntSupplier columns) {
    this.out = out;
    this.columns = columns;
  }

  /** Replaces the block. */
  synchronized void draw(List<String> block) {
    StringBuilder text = new StringBuilder();
    begin(text);
    lines = block;
    append(text);
    flush(text);
  }

  /** Writes {@code message} above the block. */
  synchronized void message(String message) {
    StringBuilder text = new StringBuilder();
    begin(text);
    text.append(message).append('\n');
    append(text);
    flush(text);
  }

  /** Removes the block. */
  synchronized void clear() {
    draw(List.of());
  }

  private void begin(StringBuilder text) {
    if (!lines.isEmpty()) {
      text.append("\u001b[").append(lines.size()).append("A").append('\r').append(CLEAR_BELOW);
    }
  }

  private void append(StringBuilder text) {
    int width = Math.max(20, columns.getAsInt() - 1);
    lines.forEach(line -> text.append(cut(line, width)).append('\n'));
  }

  private void flush(StringBuilder text) {
    out.print(text);
    out.flush();
  }

  /** At most {@code width} visible characters; escape sequences take no room. */
  static String cut(String line, int width) {
    StringBuilder kept = new StringBuilder();
    int visible = 0;
    boolean styled = false;
    for (int i = 0; i < line.length(); ) {
      if (line.charAt(i) == '\u001b') {
        int end = line.indexOf('m', i) + 1;
        kept.append(line, i, end);
        styled = true;
        i = end;
        continue;
      }
      int character = line.codePointAt(i);
      if (visible == width) {
        return kept.append(styled ? RESET : "").toString();
      }
      kept.appendCodePoint(character);
      visible++;
      i += Character.charCount(character);
    }
    return kept.toString();
  }
}
