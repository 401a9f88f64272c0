package dev.troupe.rollout.verify.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What stands in {@code \boxed} and {@code \fbox}, from the last box on backwards. */
final class Boxes {
  private static final String BOXED = "\\boxed";
  private static final String FRAMED = "\\fbox";
  private static final Pattern SEPARATOR = Pattern.compile("\\b(?:and|or)\\b|[,;]");

  /** Boxes with less between them than this belong together. */
  private static final int NEAR = 10;

  /** With a comma, an "and" or an "or" between them: than this. */
  private static final int NEAR_WITH_SEPARATOR = 70;

  private Boxes() {}

  /**
   * The contents of the boxes of {@code text}, with commas between them; the text where there are
   * none. A box without its last brace counts to the end, if it is the last; of boxes in boxes the
   * innermost counts.
   *
   * @param all whether all boxes belong to the answer, instead of the last ones that stand together
   */
  static String contents(String text, boolean all) {
    List<String> contents = new ArrayList<>();
    int end = text.length();
    int following = -1;
    int start = lastBefore(text, end);
    while (start >= 0) {
      int open = skipSpace(text, start + command(text, start), end);
      if (open >= end) {
        break;
      }
      Optional<Integer> close =
          text.charAt(open) == '{' ? closing(text, open, end) : Optional.empty();
      if (close.isEmpty()) {
        if (contents.isEmpty()) {
          contents.add(text.substring(open));
        }
        break;
      }
      String content = text.substring(open + 1, close.orElseThrow()).strip();
      if (!all
          && following >= 0
          && !together(
              text.substring(Math.min(close.orElseThrow() + 1, following), following),
              content,
              contents.getLast())) {
        break;
      }
      if (contents.isEmpty() || !contents.getLast().equals(content)) {
        contents.add(content);
      }
      following = start;
      end = start;
      start = lastBefore(text, start);
    }
    return contents.isEmpty() ? text : String.join(",", contents.reversed());
  }

  private static boolean together(String between, String content, String following) {
    return between.length() < NEAR
        || (!content.equals(following)
            && between.length() < NEAR_WITH_SEPARATOR
            && SEPARATOR.matcher(between).find());
  }

  private static int lastBefore(String text, int end) {
    return Math.max(
        text.lastIndexOf(BOXED, end - BOXED.length()),
        text.lastIndexOf(FRAMED, end - FRAMED.length()));
  }

  private static int command(String text, int start) {
    return text.startsWith(BOXED, start) ? BOXED.length() : FRAMED.length();
  }

  private static int skipSpace(String text, int from, int end) {
    int position = from;
    while (position < end && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return position;
  }

  private static Optional<Integer> closing(String text, int open, int end) {
    int depth = 0;
    for (int i = open; i < end; i++) {
      if (text.charAt(i) == '{') {
        depth++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
