package dev.troupe.deploy.terminal;

import java.util.ArrayList;
import java.util.List;

/** Lines that fit a width; escape sequences take no room. */
final class Wrap {
  /** Wider than any line. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  private static final String PARTS_APART = "   ";
  private static final int INDENT_MAX = 12;

  private Wrap() {}

  /**
   * {@code line} on as many lines as it takes, broken between its parts, which three spaces divide,
   * else between words; what follows the first is indented by {@code indent}.
   */
  static List<String> lines(String line, int width, int indent) {
    List<String> lines = new ArrayList<>();
    String rest = line;
    String margin = "";
    while (visible(margin + rest) > width) {
      int room = Math.max(1, width - margin.length());
      int at = breakAt(rest, room);
      if (at <= 0) {
        break;
      }
      lines.add(margin + rest.substring(0, at).stripTrailing());
      rest = rest.substring(at).stripLeading();
      margin = " ".repeat(Math.min(indent, INDENT_MAX));
    }
    lines.add(margin + rest);
    return lines;
  }

  /** Characters that take room. */
  static int visible(String text) {
    int count = 0;
    for (int i = 0; i < text.length(); i = next(text, i)) {
      count += text.charAt(i) == '\u001b' ? 0 : 1;
    }
    return count;
  }

  /** Behind which character to break so that at most {@code room} stay; 0 = nowhere. */
  private static int breakAt(String text, int room) {
    int parts = 0;
    int words = 0;
    int count = 0;
    boolean begun = false;
    for (int i = 0; i < text.length() && count <= room; i = next(text, i)) {
      if (text.charAt(i) == '\u001b') {
        continue;
      }
      if (begun && text.charAt(i) == ' ') {
        words = i;
        if (text.startsWith(PARTS_APART, i) && 3 * count >= room) {
          parts = i;
        }
      }
      begun |= text.charAt(i) != ' ';
      count++;
    }
    return parts > 0 ? parts : words;
  }

  private static int next(String text, int at) {
    if (text.charAt(at) == '\u001b') {
      int end = text.indexOf('m', at);
      return end < 0 ? text.length() : end + 1;
    }
    return at + Character.charCount(text.codePointAt(at));
  }
}
