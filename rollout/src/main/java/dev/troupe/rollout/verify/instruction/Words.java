package dev.troupe.rollout.verify.instruction;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.rollout.verify.instruction.Constraint.Relation;
import dev.troupe.rollout.verify.text.PythonText;
import java.util.List;
import java.util.Locale;

/**
 * Constraints on words and letters. Keywords are regular expressions, as the reference has them,
 * whatever their case.
 */
final class Words {
  private Words() {}

  record Existence(@Setting(means = "All of them.") List<String> keywords) {}

  record Frequency(
      @Setting(means = "What is counted.") String keyword,
      @Setting(means = "The bound.") int frequency,
      @Setting(means = "Below or not.") String relation) {}

  record Forbidden(@Setting(means = "None of them.") List<String> forbiddenWords) {}

  record Letter(
      @Setting(means = "What is counted.") String letter,
      @Setting(means = "The bound.") int letFrequency,
      @Setting(means = "Below or not.") String letRelation) {}

  static Constraint existence(Existence kwargs) {
    List<Pattern> patterns =
        kwargs.keywords().stream().map(keyword -> pattern("keywords", keyword)).toList();
    return response -> patterns.stream().allMatch(pattern -> pattern.matcher(response).find());
  }

  static Constraint frequency(Frequency kwargs) {
    Pattern pattern = pattern("keyword", kwargs.keyword());
    Relation relation = Relation.of("relation", kwargs.relation());
    return response -> relation.holds(count(pattern, response), kwargs.frequency());
  }

  /** Words stand between characters of which one is part of words and the other isn't. */
  static Constraint forbidden(Forbidden kwargs) {
    List<Pattern> patterns =
        kwargs.forbiddenWords().stream().map(word -> pattern("forbidden-words", word)).toList();
    return response -> patterns.stream().noneMatch(pattern -> isWordIn(pattern, response));
  }

  static Constraint letter(Letter kwargs) {
    String letter = kwargs.letter().strip().toLowerCase(Locale.ROOT);
    if (letter.codePointCount(0, letter.length()) != 1) {
      throw new InvalidValueException("letter", "one letter", kwargs.letter());
    }
    Relation relation = Relation.of("let-relation", kwargs.letRelation());
    int wanted = letter.codePointAt(0);
    return response ->
        relation.holds(
            response.toLowerCase(Locale.ROOT).codePoints().filter(c -> c == wanted).count(),
            kwargs.letFrequency());
  }

  private static Pattern pattern(String component, String keyword) {
    try {
      return Pattern.compile(keyword, Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new InvalidValueException(
          component, "a regular expression in RE2's syntax (" + e.getDescription() + ")", keyword);
    }
  }

  private static long count(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    long count = 0;
    while (matcher.find()) {
      count++;
    }
    return count;
  }

  private static boolean isWordIn(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int from = 0;
    while (from <= text.length() && matcher.find(from)) {
      if (isBoundary(text, matcher.start()) && isBoundary(text, matcher.end())) {
        return true;
      }
      from = matcher.start() + 1;
    }
    return false;
  }

  private static boolean isBoundary(String text, int at) {
    boolean before = at > 0 && PythonText.isWord(text.codePointBefore(at));
    boolean after = at < text.length() && PythonText.isWord(text.codePointAt(at));
    return before != after;
  }
}
