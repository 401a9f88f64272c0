package dev.troupe.deploy.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.deploy.plot.PlottedRun.SeededRecipe;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape;
import dev.troupe.rollout.picture.Tint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlotTest {
  private static final Plot.Settings PLAIN =
      new Plot.Settings(
          List.of(), Optional.empty(), true, Optional.empty(), 1, OptionalDouble.empty());

  @TempDir Path folder = Path.of("");

  @Test
  void seedsOfARecipeAreOneLineWithABandAsLongAsAllGoOn() throws IOException {
    Line line = onlyLine(new Plot(seeds(2, 4, 9), PLAIN));

    assertThat(line.label()).isEqualTo("steep (3 seeds)");
    assertThat(line.middle().orElseThrow().places()).containsExactly(10, 20);
    assertThat(line.middle().orElseThrow().values()).containsExactly(5, 10);
    Line.Band band = line.band().orElseThrow();
    assertThat(band.kind()).isEqualTo(BandKind.RANGE);
    assertThat(band.low().values()).containsExactly(2, 4);
    assertThat(band.high().values()).containsExactly(9, 18);
    assertThat(line.faint()).extracting(Curve::lastX).containsExactly(20.0, 30.0, 40.0);
  }

  @Test
  void fiveSeedsHaveTheIntervalOfTheirInterquartileMean() throws IOException {
    Line line = onlyLine(new Plot(seeds(10, 20, 40, 80, 160), PLAIN));

    Line.Band band = line.band().orElseThrow();
    assertThat(band.kind()).isEqualTo(BandKind.INTERVAL);
    assertThat(line.middle().orElseThrow().y(0)).isEqualTo(140 / 3.0);
    assertThat(band.low().y(0)).isEqualTo(40 / 3.0);
    assertThat(band.high().y(0)).isEqualTo(400 / 3.0);
  }

  @Test
  void runsOfOtherRecipesOrOnDemandAreLinesOfTheirOwn() throws IOException {
    List<PlottedRun> runs = new ArrayList<>(seeds(2, 4));
    runs.add(run("other", "name = steep, seed = 1, gamma = 0.5", 7, 2));

    assertThat(new Plot(runs, PLAIN).panels().getFirst().lines())
        .extracting(Line::label)
        .containsExactly("steep (2 seeds)", "other");
    Plot.Settings apart =
        new Plot.Settings(
            List.of(), Optional.empty(), false, Optional.empty(), 1, OptionalDouble.empty());
    assertThat(new Plot(runs, apart).panels().getFirst().lines())
        .extracting(Line::label)
        .containsExactly("seed0", "seed1", "other");
  }

  @Test
  void drawsPointsWhereTheAxesSayThatTheyAre() throws IOException {
    List<Shape> shapes = new Plot(seeds(3), PLAIN).picture().shapes();

    // Values 3 and 6 at 10 and 20 steps, with a margin of 0.15 above and below.
    Shape.Line curve =
        shapes.stream()
            .filter(shape -> shape.tint() == Tint.BLUE)
            .map(Shape.Line.class::cast)
            .reduce((_, last) -> last)
            .orElseThrow();
    Point first = curve.points().getFirst();
    Point last = curve.points().getLast();
    assertThat(first.x()).isEqualTo(72 + 660 / 2.0);
    assertThat(last.x()).isEqualTo(732);
    assertThat(first.y() - last.y()).isCloseTo(260 * 3 / 3.3, within(1e-9));
    assertThat(texts(shapes))
        .contains("steep", "seed0", "learner/episodeReturn", "environment steps", "20", "3", "6");
  }

  @Test
  void endsOfNamesAreEnoughAndWrongOnesAreRefused() throws IOException {
    List<PlottedRun> runs = seeds(3);

    assertThat(new Plot(runs, metric("episodeReturn")).panels().getFirst().metric())
        .isEqualTo("learner/episodeReturn");
    assertThatThrownBy(() -> new Plot(runs, metric("epsodeReturn")))
        .isInstanceOf(BadPlotException.class)
        .hasMessageContaining("[seed0] has no metric [epsodeReturn]")
        .hasMessageContaining("[learner/episodeReturn, ");
  }

  @Test
  void runsWithoutFiguresOrStepsAreRefused() throws IOException {
    PlottedRun empty =
        new PlottedRun("fresh", Optional.empty(), RunFigures.read(folder, _ -> true));
    assertThatThrownBy(() -> new Plot(List.of(empty), PLAIN))
        .hasMessageContaining("[fresh] has no figures yet");

    Path here = Files.createDirectories(folder.resolve("tasks"));
    Files.writeString(
        here.resolve("metrics.jsonl"),
        "{\"time\":\"2026-01-02T00:00:00Z\",\"step\":5,\"evaluation/accuracy\":0.5}\n");
    PlottedRun tasks = new PlottedRun("tasks", Optional.empty(), RunFigures.read(here, _ -> true));
    assertThat(onlyLine(new Plot(List.of(tasks), PLAIN)).middle().orElseThrow().places())
        .containsExactly(5);
    Plot.Settings bySteps =
        new Plot.Settings(
            List.of(), Optional.of(Axis.STEPS), true, Optional.empty(), 1, OptionalDouble.empty());
    assertThatThrownBy(() -> new Plot(List.of(tasks), bySteps))
        .hasMessageContaining("[tasks] has no environment steps");
  }

  @Test
  void smoothingIsTheMeanOfTheLastValues() {
    Curve curve = new Curve(new double[] {1, 2, 3, 4}, new double[] {2, 4, 9, 5});

    assertThat(curve.smoothed(3).values()).containsExactly(2, 3, 5, 6);
    assertThat(curve.smoothed(1).values()).containsExactly(2, 4, 9, 5);
  }

  @Test
  void thinningKeepsPeaksAndEnds() {
    double[] places = IntStream.range(0, 10_000).asDoubleStream().toArray();
    double[] values = new double[10_000];
    values[4321] = 5;
    values[7777] = -5;
    Curve thin = new Curve(places, values).thinned(100);

    assertThat(thin.size()).isBetween(200, 400);
    assertThat(thin.places()).contains(0, 4321, 7777, 9999);
  }

  @Test
  void theTableSaysWhatSeedsCameToAndWhenTheyReachedAGoal() throws IOException {
    Plot.Settings withGoal =
        new Plot.Settings(
            List.of(), Optional.empty(), true, Optional.empty(), 1, OptionalDouble.of(8));

    assertThat(new Plot(seeds(2, 4, 9), withGoal).table())
        .containsExactly(
            "learner/episodeReturn, over environment steps",
            "                 runs  IQM at the end  95% interval  mean ± std       least  greatest"
                + "  ends after  reach 8  after  95%",
            "steep (3 seeds)  3     17.333          [4, 36]       17.333 ± 16.653  4      36    "
                + "    30          2 of 3   15     [10, 20]");
  }

  @Test
  void ticksAreRoundNumbers() {
    assertThat(Ticks.between(0, 10, 5).places()).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0);
    assertThat(Ticks.between(-0.3, 0.45, 3).places()).containsExactly(-0.25, 0.0, 0.25);
    assertThat(List.of(0.0, 0.30000000000000004, 500.0, 20_000.0, 1.5e6, -2e-7))
        .extracting(Ticks::text)
        .containsExactly("0", "0.3", "500", "20k", "1.5M", "-2E-7");
  }

  /** Seeds of one recipe: seed i rises by its slope each ten steps, for i + 2 updates. */
  private List<PlottedRun> seeds(double... slopes) throws IOException {
    List<PlottedRun> runs = new ArrayList<>();
    for (int i = 0; i < slopes.length; i++) {
      String recipe = "name = steep, seed = " + i + ", gamma = 0.99";
      runs.add(run("seed" + i, recipe, slopes[i], i + 2));
    }
    return runs;
  }

  private PlottedRun run(String label, String recipe, double slope, int updates)
      throws IOException {
    Path run = Files.createDirectories(folder.resolve(label));
    Files.writeString(run.resolve("recipe.conf"), recipe);
    var lines = new StringBuilder();
    for (int step = 1; step <= updates; step++) {
      lines.append("{\"time\":\"2026-01-02T00:00:0").append(step).append("Z\",\"step\":");
      lines.append(step).append(",\"learner/seconds\":1,\"learner/steps\":10,");
      lines.append("\"learner/episodeReturn\":").append(slope * step).append("}\n");
    }
    Files.writeString(run.resolve("metrics.jsonl"), lines);
    return new PlottedRun(
        label, SeededRecipe.read(run.resolve("recipe.conf")), RunFigures.read(run, _ -> true));
  }

  private static Plot.Settings metric(String name) {
    return new Plot.Settings(
        List.of(name), Optional.empty(), true, Optional.empty(), 1, OptionalDouble.empty());
  }

  private static Line onlyLine(Plot plot) {
    assertThat(plot.panels()).hasSize(1);
    assertThat(plot.panels().getFirst().lines()).hasSize(1);
    return plot.panels().getFirst().lines().getFirst();
  }

  private static List<String> texts(List<Shape> shapes) {
    return shapes.stream()
        .filter(Shape.Label.class::isInstance)
        .map(shape -> ((Shape.Label) shape).text())
        .toList();
  }
}
