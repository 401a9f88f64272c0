package dev.troupe.deploy.plot;

import dev.troupe.protocol.check.NearestName;
import dev.troupe.rollout.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** Learning curves of runs: which figures, over what, and what they come to. */
public final class Plot {
  /** What is drawn where no figure is named: the first of these that every run has. */
  public static final List<String> MAIN =
      List.of(
          "learner/episodeReturn",
          "evaluation/accuracy",
          "evaluation/return",
          "learner/rewardMean",
          "reward/mean",
          "sft/loss");

  /**
   * How it is to be drawn.
   *
   * @param metrics names or ends of names; empty for the main one
   * @param axis what over; empty for steps where all runs count them, else updates
   * @param group whether seeds of a recipe are one line
   * @param band what the band shows; empty for what suits the number of seeds
   * @param smooth values that each point is the mean of; 1 for none
   * @param goal a value to be marked, and waited for in the table
   */
  public record Settings(
      List<String> metrics,
      Optional<Axis> axis,
      boolean group,
      Optional<BandKind> band,
      int smooth,
      OptionalDouble goal) {
    public Settings {
      metrics = List.copyOf(metrics);
    }
  }

  private static final int NEAREST = 3;

  private final List<PlottedRun> runs;
  private final List<SeedGroup> groups;
  private final Settings settings;
  private final List<String> metrics;
  private final Axis axis;

  /**
   * Of at least one run.
   *
   * @throws BadPlotException where a run lacks what was asked for
   */
  public Plot(List<PlottedRun> runs, Settings settings) {
    this.runs = List.copyOf(runs);
    this.settings = settings;
    this.groups = SeedGroup.of(runs, settings.group());
    for (PlottedRun run : runs) {
      if (run.figures().names().isEmpty()) {
        throw new BadPlotException(
            "[" + run.label() + "] has no figures yet: the first come with its first update");
      }
    }
    this.axis = settings.axis().orElse(allCountSteps() ? Axis.STEPS : Axis.UPDATES);
    if (axis == Axis.STEPS && !allCountSteps()) {
      throw new BadPlotException(
          "["
              + runs.stream()
                  .filter(run -> !run.figures().countsSteps())
                  .findFirst()
                  .orElseThrow()
                  .label()
              + "] has no environment steps: expected --by updates or --by time");
    }
    this.metrics =
        settings.metrics().isEmpty()
            ? List.of(mainMetric())
            : settings.metrics().stream().map(this::resolved).distinct().toList();
  }

  /** Whether a figure has to be kept while runs are read. */
  public static boolean isWanted(String name, List<String> typed) {
    return typed.isEmpty()
        ? MAIN.contains(name)
        : typed.stream().anyMatch(it -> name.equals(it) || name.endsWith("/" + it));
  }

  private boolean allCountSteps() {
    return runs.stream().allMatch(run -> run.figures().countsSteps());
  }

  private NavigableSet<String> shared() {
    NavigableSet<String> shared = new TreeSet<>(runs.getFirst().figures().names());
    runs.forEach(run -> shared.retainAll(run.figures().names()));
    return shared;
  }

  private String mainMetric() {
    NavigableSet<String> shared = shared();
    return MAIN.stream()
        .filter(shared::contains)
        .findFirst()
        .orElseThrow(
            () ->
                new BadPlotException(
                    "the runs have none of "
                        + MAIN
                        + " in common: choose with --metric; "
                        + (shared.isEmpty() ? "they share nothing" : "they share " + shared)));
  }

  /** The whole name of a metric that was typed, possibly without its section. */
  private String resolved(String typed) {
    Optional<String> found = Optional.empty();
    for (PlottedRun run : runs) {
      NavigableSet<String> names = run.figures().names();
      List<String> fitting =
          names.contains(typed)
              ? List.of(typed)
              : names.stream().filter(name -> name.endsWith("/" + typed)).toList();
      if (fitting.isEmpty()) {
        throw new BadPlotException(
            "["
                + run.label()
                + "] has no metric ["
                + typed
                + "]; nearest are "
                + nearest(typed, names)
                + ", docs/metrics.md has all");
      }
      if (fitting.size() > 1) {
        throw new BadPlotException("metric [" + typed + "] may be any of " + fitting);
      }
      if (found.isPresent() && !found.get().equals(fitting.getFirst())) {
        throw new BadPlotException(
            "metric [" + typed + "] may be " + found.get() + " or " + fitting.getFirst());
      }
      found = Optional.of(fitting.getFirst());
    }
    return found.orElseThrow();
  }

  private static List<String> nearest(String typed, NavigableSet<String> names) {
    List<String> left = new ArrayList<>(names.stream().map(Plot::dotted).toList());
    List<String> nearest = new ArrayList<>();
    while (nearest.size() < NEAREST && !left.isEmpty()) {
      String next = NearestName.of(dotted(typed), left);
      left.remove(next);
      nearest.add(next.replace('.', '/'));
    }
    return nearest;
  }

  /** Names' parts have dots between them where they are compared. */
  private static String dotted(String name) {
    return name.replace('/', '.');
  }

  /** The curves. */
  public Picture picture() {
    return Chart.of(title(), panels());
  }

  private String title() {
    List<String> names =
        runs.stream()
            .map(run -> run.recipe().map(PlottedRun.SeededRecipe::name).orElse(run.label()))
            .distinct()
            .toList();
    return names.size() <= 3 ? String.join(", ", names) : runs.size() + " runs";
  }

  List<Panel> panels() {
    List<Panel> panels = new ArrayList<>();
    for (String metric : metrics) {
      panels.add(
          new Panel(
              metric,
              axis,
              settings.smooth(),
              settings.goal(),
              groups.stream().map(group -> line(group, metric)).toList()));
    }
    return panels;
  }

  private Line line(SeedGroup group, String metric) {
    if (group.runs().size() == 1) {
      return Line.ofOne(group.label(), group.curves(metric, axis, 1).getFirst(), settings.smooth());
    }
    List<Curve> curves = group.curves(metric, axis, settings.smooth());
    return Line.ofSeveral(
        group.label(), curves, settings.band().orElse(BandKind.suiting(curves.size())));
  }

  /** What the runs came to, as text. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    for (String metric : metrics) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(new ResultTable(metric, axis, settings.smooth(), settings.goal()).lines(groups));
    }
    return lines;
  }
}
