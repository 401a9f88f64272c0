package dev.troupe.actors.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunFigures;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void reportsInABurstDoNotMakeARateOfTheirOwn() {
    Figures figures = new Figures();
    figures.learner(0, 0, 0);
    figures.learner(4 * SECOND, SECOND, 4_000);
    figures.learner(4 * SECOND + 1, SECOND, 5_000);

    assertThat(Math.round(figures.recent().learningTokensPerSecond())).isEqualTo(1_250);
    assertThat(figures.recent().learningIdleShare()).isBetween(0.249, 0.251);
  }

  @Test
  void whatIsLongPastDoesNotCountForTheRecentRate() {
    Figures figures = new Figures();
    figures.sampler("a", 0, 0, 0);
    figures.begin();
    figures.sampler("a", 10 * SECOND, 0, 100_000);
    figures.sampler("a", 20 * SECOND, 5 * SECOND, 101_000);

    assertThat(figures.recent().samplingTokensPerSecond()).isEqualTo(100);
    assertThat(figures.recent().samplingIdleShare()).isEqualTo(0.5);
    assertThat(figures.total().samplingTokens()).isEqualTo(101_000);
    assertThat(figures.total().samplingIdleShare()).isEqualTo(0.25);
  }

  @Test
  void nothingCountsBeforeReinforcementLearningBegins() {
    Figures figures = new Figures();
    figures.sampler("a", 0, 0, 0);
    figures.sampler("a", 10 * SECOND, 10 * SECOND, 0);
    assertThat(figures.total()).isEqualTo(RunFigures.none());

    figures.begin();
    figures.sampler("a", 20 * SECOND, 15 * SECOND, 500);
    figures.begin();

    assertThat(figures.total().samplingIdleShare()).isEqualTo(0.5);
    assertThat(figures.total().samplingTokens()).isEqualTo(500);
  }

  @Test
  void whatALearnerDidThatWasReplacedCountsToo() {
    Figures figures = new Figures();
    figures.learner(0, 0, 100);
    figures.begin();
    figures.learner(10 * SECOND, SECOND, 1_100);
    figures.learner(2 * SECOND, 0, 0);
    figures.learner(3 * SECOND, 0, 0);
    figures.learner(12 * SECOND, 4 * SECOND, 500);

    assertThat(figures.total().learningTokens()).isEqualTo(1_500);
    assertThat(figures.total().seconds()).isEqualTo(20);
    assertThat(figures.total().learningIdleShare()).isEqualTo(0.25);
  }

  @Test
  void aSamplerThatIsGoneHasNoRateAnyMore() {
    Figures figures = new Figures();
    figures.sampler("a", 0, 0, 0);
    figures.sampler("b", 0, 0, 0);
    figures.begin();
    figures.sampler("a", 2 * SECOND, SECOND, 200);
    figures.sampler("b", 2 * SECOND, 0, 400);

    figures.gone(Set.of("b"));

    assertThat(figures.recent().samplingTokensPerSecond()).isEqualTo(100);
    assertThat(figures.total().samplingTokens()).isEqualTo(600);
  }

  @Test
  void ratesOfSeveralSamplersAddUpAndTheirIdleSharesAverage() {
    Figures figures = new Figures();
    figures.sampler("a", 0, 0, 0);
    figures.sampler("b", 7 * SECOND, 0, 0);
    figures.sampler("a", 2 * SECOND, SECOND, 200);
    figures.sampler("b", 9 * SECOND, 0, 400);

    assertThat(figures.recent().samplingTokensPerSecond()).isEqualTo(300);
    assertThat(figures.tokensPerSecond("b")).isEqualTo(200);
    assertThat(figures.tokensPerSecond("somebody else")).isEqualTo(0);
    assertThat(figures.recent().samplingIdleShare()).isEqualTo(0.25);
  }
}
