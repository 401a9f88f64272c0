package dev.troupe.rollout.verify.code;

import dev.troupe.rollout.verify.code.CodeSettings.Compare;
import java.util.Arrays;
import java.util.List;

/**
 * Whether a program printed what it should.
 *
 * @param tolerance difference of two numbers, absolute or relative to the expected one
 */
record OutputComparison(Compare rule, double tolerance) {
  boolean isSame(String expected, String printed) {
    return switch (rule) {
      case EXACT -> expected.equals(printed);
      case LINES -> lines(expected).equals(lines(printed));
      case WORDS -> words(expected).equals(words(printed));
      case NUMBERS -> isNear(words(expected), words(printed));
    };
  }

  private static List<String> lines(String text) {
    return text.stripTrailing().lines().map(String::stripTrailing).toList();
  }

  private static List<String> words(String text) {
    String bare = text.strip();
    return bare.isEmpty() ? List.of() : Arrays.asList(bare.split("\\s+"));
  }

  private boolean isNear(List<String> expected, List<String> printed) {
    if (expected.size() != printed.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!isNear(expected.get(i), printed.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isNear(String expected, String printed) {
    if (expected.equals(printed)) {
      return true;
    }
    try {
      double wanted = Double.parseDouble(expected);
      double got = Double.parseDouble(printed);
      return Math.abs(wanted - got) <= tolerance * Math.max(1, Math.abs(wanted));
    } catch (NumberFormatException _) {
      return false;
    }
  }
}
