package dev.troupe.rollout.verify.instruction;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.rollout.verify.instruction.Constraint.Relation;
import java.util.Optional;

/** Constraints on capital and small letters, and on the language. */
final class Cases {
  private static final String ENGLISH = "en";

  private Cases() {}

  record Language(@Setting(means = "Its code of two letters.") String language) {}

  record CapitalWords(
      @Setting(means = "The bound.") int capitalFrequency,
      @Setting(means = "Below or not.") String capitalRelation) {}

  /** A text in no language, like numbers, is in any. */
  static Constraint language(Language kwargs) {
    return response -> isIn(kwargs.language(), response);
  }

  private static boolean isIn(String language, String text) {
    Optional<String> detected = Languages.detect(text);
    return detected.isEmpty() || detected.get().equals(language);
  }

  static Constraint capitalWords(CapitalWords kwargs) {
    Relation relation = Relation.of("capital-relation", kwargs.capitalRelation());
    return response ->
        relation.holds(
            WordTokens.of(response).stream().filter(Cases::isUpper).count(),
            kwargs.capitalFrequency());
  }

  static boolean isEnglishCapital(String response) {
    return isUpper(response) && isIn(ENGLISH, response);
  }

  static boolean isEnglishLowercase(String response) {
    return isLower(response) && isIn(ENGLISH, response);
  }

  /** {@code str.isupper}: some letter with a case, and all of those are capitals. */
  private static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  /** {@code str.islower}. */
  private static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }
}
