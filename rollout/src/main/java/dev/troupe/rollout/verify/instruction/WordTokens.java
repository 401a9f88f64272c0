package dev.troupe.rollout.verify.instruction;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tokens of a text as NLTK's {@code word_tokenize} makes them: sentences by {@link Punkt}, each
 * cut by the rules of the Penn Treebank as NLTK improved them, in its order. {@code DON'T} is
 * {@code DO} and {@code N'T}; a full stop at a sentence's end is a token of its own.
 */
final class WordTokens {
  private record Substitution(Pattern pattern, String replacement) {}

  private static final List<Substitution> RULES =
      List.of(
          // Opening quotation marks.
          rule("([«“‘„]|`+)", " $1 "),
          rule("^\"", "``"),
          rule("(``)", " $1 "),
          rule("([ (\\[{<])(\"|'{2})", "$1 `` "),
          rule("(?i)(')(?!re|ve|ll|m|t|s|d|n)(\\w)\\b", "$1 $2"),
          // Punctuation.
          rule("([^.])(\\.)([\\])}>\"'»”’ ]*)\\s*$", "$1 $2 $3 "),
          rule("([:,])([^\\d])", " $1 $2"),
          rule("([:,])$", " $1 "),
          rule("\\.{2,}", " $0 "),
          rule("[;@#$%&]", " $0 "),
          rule("([^.])(\\.)([\\])}>\"']*)\\s*$", "$1 $2$3 "),
          rule("[?!]", " $0 "),
          rule("([^'])' ", "$1 ' "),
          rule("[*]", " $0 "),
          // Brackets and dashes.
          rule("[\\]\\[(){}<>]", " $0 "),
          rule("--", " -- "),
          // A space at both ends spares the following rules the ends of the text.
          rule("^|$", " "),
          // Closing quotation marks and what is contracted.
          rule("([»”’])", " $1 "),
          rule("''", " '' "),
          rule("\"", " '' "),
          rule("\\s+", " "),
          rule("([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "),
          rule("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
          rule("(?i)\\b(can)(not)\\b", " $1 $2 "),
          rule("(?i)\\b(d)('ye)\\b", " $1 $2 "),
          rule("(?i)\\b(gim)(me)\\b", " $1 $2 "),
          rule("(?i)\\b(gon)(na)\\b", " $1 $2 "),
          rule("(?i)\\b(got)(ta)\\b", " $1 $2 "),
          rule("(?i)\\b(lem)(me)\\b", " $1 $2 "),
          rule("(?i)\\b(more)('n)\\b", " $1 $2 "),
          rule("(?i)\\b(wan)(na)(?=\\s)", " $1 $2 "),
          rule("(?i) ('t)(is)\\b", " $1 $2 "),
          rule("(?i) ('t)(was)\\b", " $1 $2 "));

  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  private WordTokens() {}

  private static Substitution rule(String pattern, String replacement) {
    return new Substitution(Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS), replacement);
  }

  static List<String> of(String text) {
    List<String> tokens = new ArrayList<>();
    for (String sentence : Punkt.sentences(text)) {
      String cut = sentence;
      for (Substitution rule : RULES) {
        cut = rule.pattern().matcher(cut).replaceAll(rule.replacement());
      }
      for (String token : SPACE.split(cut)) {
        if (!token.isEmpty()) {
          tokens.add(token);
        }
      }
    }
    return tokens;
  }
}
