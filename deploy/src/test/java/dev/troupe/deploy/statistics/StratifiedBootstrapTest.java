package dev.troupe.deploy.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.deploy.statistics.StratifiedBootstrap.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The intervals' ends are those of all resamples, counted out one by one. */
final class StratifiedBootstrapTest {
  private static final StratifiedBootstrap MANY = new StratifiedBootstrap(50_000, 0.95, 7);

  @Test
  void theMiddleHalfIsAveraged() {
    assertThat(InterquartileMean.of(3, 1, 4, 1, 5, 9, 2, 6)).isEqualTo(3.5);
    assertThat(InterquartileMean.of(1, 2, 3, 4, 100)).isEqualTo(3);
  }

  @Test
  void fewerThanFourNumbersAreAllAveraged() {
    assertThat(InterquartileMean.of(1, 2, 30)).isEqualTo(11);
    assertThat(InterquartileMean.of(5)).isEqualTo(5);
    assertThatThrownBy(InterquartileMean::of).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theIntervalOfFiveRunsIsThatOfAll3125Resamples() {
    Interval interval = MANY.ofInterquartileMean(10, 20, 40, 80, 160);

    assertThat(interval.low()).isCloseTo(40 / 3.0, within(1e-9));
    assertThat(interval.high()).isCloseTo(400 / 3.0, within(1e-9));
  }

  @Test
  void tasksAreDrawnFromApart() {
    Interval interval =
        MANY.of(List.of(new double[] {0, 1, 3}, new double[] {10, 20, 50}), InterquartileMean::of);

    // Of the 729 resamples. Drawn from all six scores at once, it would begin below 3.
    assertThat(interval.low()).isCloseTo(5.25, within(1e-9));
    assertThat(interval.high()).isCloseTo(25.75, within(1e-9));
  }

  @Test
  void oneRunHasNoInterval() {
    assertThat(MANY.ofInterquartileMean(4)).isEqualTo(new Interval(4, 4));
  }

  @Test
  void percentilesLieOnTheLineBetweenNeighbours() {
    // numpy.percentile([1, 2, 4, 8], [0, 2.5, 50, 97.5, 100])
    double[] sorted = {1, 2, 4, 8};
    assertThat(StratifiedBootstrap.percentile(sorted, 0)).isEqualTo(1);
    assertThat(StratifiedBootstrap.percentile(sorted, 0.025)).isCloseTo(1.075, within(1e-12));
    assertThat(StratifiedBootstrap.percentile(sorted, 0.5)).isEqualTo(3);
    assertThat(StratifiedBootstrap.percentile(sorted, 0.975)).isCloseTo(7.7, within(1e-12));
    assertThat(StratifiedBootstrap.percentile(sorted, 1)).isEqualTo(8);
  }
}
