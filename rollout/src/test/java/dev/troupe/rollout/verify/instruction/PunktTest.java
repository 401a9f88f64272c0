package dev.troupe.rollout.verify.instruction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PunktTest {
  @Test
  void abbreviationsEndNoSentence() {
    assertThat(
            Punkt.sentences(
                "Dr. Smith met Mr. Jones at 3.5 p.m. in Washington. They spoke of U.S. law, e.g."
                    + " taxes. It was fine."))
        .containsExactly(
            "Dr. Smith met Mr. Jones at 3.5 p.m. in Washington.",
            "They spoke of U.S. law, e.g. taxes.",
            "It was fine.");
  }

  @Test
  void anAbbreviationEndsOneBeforeAWordThatOftenBeginsSentences() {
    assertThat(Punkt.sentences("He came at 5 p.m. The door was shut.")).hasSize(2);
    assertThat(Punkt.sentences("He works for Smith Inc. Washington is far.")).hasSize(1);
  }

  @Test
  void initialsAndNumbersEndNone() {
    assertThat(Punkt.sentences("J. Smith and A. B. Jones left.")).hasSize(1);
    assertThat(Punkt.sentences("It was no. 5. of them.")).hasSize(1);
    assertThat(Punkt.sentences("It was in 1999. We left.")).hasSize(2);
  }

  @Test
  void closingMarksBelongToTheSentenceBefore() {
    assertThat(Punkt.sentences("He said \"Stop.\" Then he left... Did he? Yes! (He did.) So."))
        .containsExactly(
            "He said \"Stop.\"", "Then he left... Did he?", "Yes!", "(He did.)", "So.");
  }

  @Test
  void textWithoutMarksIsOneSentenceAndNoTextIsNone() {
    assertThat(Punkt.count("no end here")).isEqualTo(1);
    assertThat(Punkt.count("")).isZero();
    assertThat(Punkt.count("  \n ")).isZero();
  }

  @Test
  void wordTokensAreCutAsTheTreebankDoes() {
    assertThat(WordTokens.of("IT'S DON'T CAN'T cannot \"so\" (e.g.) 1,000, ok."))
        .containsExactly(
            "IT", "'S", "DO", "N'T", "CA", "N'T", "can", "not", "``", "so", "''", "(", "e.g.", ")",
            "1,000", ",", "ok", ".");
  }
}
