package dev.troupe.rollout.verify.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Three ways to find the letter that an answer chooses: filters of lm-eval 0.4.13. */
final class ChoiceExtract {
  private static final Pattern PARENTHESIS = Pattern.compile("\\([A-Z]\\)");
  private static final Pattern LETTER = Pattern.compile("answer is \\(?([A-J])\\)?");
  private static final List<String> PHRASES =
      List.of("answer is ", "The answer: ", "The final answer: ");

  private ChoiceExtract() {}

  /**
   * The last {@code (A)}; else the choice whose text stands last, whatever its case and
   * punctuation; else the last letter of a choice behind a colon (multi_choice_regex).
   */
  static Optional<String> parenthesis(String answer, List<String> choices) {
    Optional<String> last =
        PARENTHESIS.matcher(answer).results().reduce((_, later) -> later).map(m -> m.group());
    return last.or(() -> byText(answer, choices)).or(() -> afterColon(answer, choices.size()));
  }

  /** At each place the longest choice that stands there counts. */
  private static Optional<String> byText(String answer, List<String> choices) {
    List<String> texts = choices.stream().map(choice -> plain(choice.strip())).toList();
    String text = plain(answer);
    int chosen = -1;
    int at = 0;
    while (at <= text.length()) {
      int match = -1;
      for (int i = 0; i < texts.size(); i++) {
        boolean longer = match < 0 || texts.get(i).length() > texts.get(match).length();
        match = longer && text.startsWith(texts.get(i), at) ? i : match;
      }
      chosen = match < 0 ? chosen : match;
      at += match < 0 ? 1 : Math.max(1, texts.get(match).length());
    }
    return chosen < 0 || texts.get(chosen).isEmpty() ? Optional.empty() : Optional.of(name(chosen));
  }

  private static Optional<String> afterColon(String answer, int choices) {
    int chosen = -1;
    for (int colon = answer.indexOf(':'); colon >= 0; colon = answer.indexOf(':', colon + 1)) {
      int at = colon + 1;
      while (at < answer.length() && PythonText.isSpace(answer.charAt(at))) {
        at++;
      }
      int letter = at < answer.length() ? answer.charAt(at) - 'A' : -1;
      chosen = letter >= 0 && letter < choices ? letter : chosen;
    }
    return chosen < 0 ? Optional.empty() : Optional.of(name(chosen));
  }

  /** What follows the first such phrase in its line, without its last character (mmlu strict). */
  static Optional<String> answerIs(String answer) {
    List<Integer> places = new ArrayList<>();
    for (String phrase : PHRASES) {
      int at = answer.indexOf(phrase);
      while (at >= 0) {
        int begin = at + phrase.length();
        if (begin < answer.length() && answer.charAt(begin) != '\n') {
          places.add(begin);
          break;
        }
        at = answer.indexOf(phrase, begin);
      }
    }
    if (places.isEmpty()) {
      return Optional.empty();
    }
    int begin = places.stream().min(Integer::compare).orElseThrow();
    int end = answer.indexOf('\n', begin);
    String rest = answer.substring(begin, end < 0 ? answer.length() : end);
    String found = rest.substring(0, rest.offsetByCodePoints(rest.length(), -1));
    return found.isEmpty() ? Optional.empty() : Optional.of(PythonText.strip(found));
  }

  /** The first letter from A to J behind "answer is" (mmlu_pro). */
  static Optional<String> letter(String answer) {
    Matcher matcher = LETTER.matcher(answer);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String name(int choice) {
    return "(" + (char) ('A' + choice) + ")";
  }

  /** Lower case, without punctuation of any script. */
  private static String plain(String text) {
    StringBuilder kept = new StringBuilder();
    text.toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(c -> !isPunctuation(c))
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static boolean isPunctuation(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }
}
