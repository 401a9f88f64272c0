package dev.troupe.actors.reward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.outcome.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShadowFiguresTest {
  private static final Outcome RIGHT = new Outcome.Scored(1);
  private static final Outcome WRONG = new Outcome.Scored(0);
  private static final Outcome CRASHED = new Outcome.Crashed("boom");
  private static final Outcome LATE = new Outcome.TimedOut(Duration.ofSeconds(1));

  private static ShadowFigures of(Outcome outcome, Outcome shadow, String prompt) {
    return ShadowFigures.of(outcome, shadow, new Disagreement(prompt, "x", outcome, shadow));
  }

  @Test
  void equalScoresAgreeAndSoDoTwoWithoutOne() {
    ShadowFigures all =
        of(RIGHT, RIGHT, "a")
            .plus(of(RIGHT, WRONG, "b"))
            .plus(of(CRASHED, LATE, "c"))
            .plus(of(RIGHT, CRASHED, "d"))
            .plus(ShadowFigures.skip());
    assertThat(all.compared()).isEqualTo(4);
    assertThat(all.skipped()).isEqualTo(1);
    assertThat(all.agreement()).isEqualTo(0.5);
    assertThat(all.scoreMean()).isEqualTo(1);
    assertThat(all.shadowScoreMean()).isEqualTo(0.5);
    assertThat(all.unscored()).isEqualTo(1);
    assertThat(all.shadowUnscored()).isEqualTo(2);
    assertThat(all.shadowFailureRate()).isEqualTo(0.5);
    assertThat(all.examples()).extracting(Disagreement::prompt).containsExactly("b", "d");
  }

  @Test
  void aFewExamplesThatDifferAreKept() {
    ShadowFigures all = ShadowFigures.NONE;
    for (int i = 0; i < 40; i++) {
      all = all.plus(of(RIGHT, WRONG, "prompt " + i / 3));
    }
    assertThat(all.examples())
        .extracting(Disagreement::prompt)
        .hasSize(8)
        .doesNotHaveDuplicates()
        .startsWith("prompt 0", "prompt 1");
  }
}
