package dev.troupe.rollout.verify.code;

import dev.troupe.rollout.verify.code.CodeSettings.Extract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds the code in an answer. A block begins at a line of {@code ```}, {@code ```python} or the
 * like and ends at the next line of {@code ```}, or with the answer. Blocks of other languages are
 * passed over.
 */
final class CodeBlocks {
  private static final String FENCE = "```";
  private static final Set<String> PYTHON = Set.of("", "python", "python3", "py", "py3");

  private CodeBlocks() {}

  static String code(Extract extract, String answer) {
    if (extract == Extract.WHOLE) {
      return answer;
    }
    List<String> blocks = blocks(answer);
    if (blocks.isEmpty()) {
      return answer;
    }
    return extract == Extract.FIRST_BLOCK ? blocks.getFirst() : blocks.getLast();
  }

  private static List<String> blocks(String answer) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    boolean isInside = false;
    boolean isPython = false;
    for (String line : answer.split("\n", -1)) {
      String bare = line.strip();
      if (!bare.startsWith(FENCE)) {
        block.append(line).append('\n');
        continue;
      }
      if (isInside && isPython) {
        blocks.add(block.toString());
      }
      isPython = PYTHON.contains(bare.substring(FENCE.length()).strip().toLowerCase(Locale.ROOT));
      isInside = !isInside;
      block.setLength(0);
    }
    if (isInside && isPython) {
      blocks.add(block.toString());
    }
    return blocks;
  }
}
