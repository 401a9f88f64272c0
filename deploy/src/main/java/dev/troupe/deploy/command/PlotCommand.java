package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.picture.Raster;
import dev.troupe.deploy.picture.Svg;
import dev.troupe.deploy.plot.Axis;
import dev.troupe.deploy.plot.BandKind;
import dev.troupe.deploy.plot.Plot;
import dev.troupe.deploy.plot.PlottedRun;
import dev.troupe.deploy.plot.RunFigures;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.rollout.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws learning curves. */
@Command(
    name = "plot",
    header = "Draws learning curves of runs, and tabulates what they came to.",
    footer = {
      "%nRuns that are seeds of one recipe (the same but for name and seed) are one line: the",
      "interquartile mean for as long as all of them went on, each seed thinly behind it, and a",
      "band: with five seeds or more the 95%% bootstrap interval of that mean, with fewer from the",
      "least seed to the greatest. Figures' names are in docs/metrics.md.",
      "%nExamples:",
      "  ./troupe plot runs/sums",
      "  ./troupe plot runs/sums runs/sums-2 --metric accuracy,policyLagMean --by time",
      "  ./troupe plot runs/cartpole* --smooth 10 --to curve.png",
      "  ./troupe plot runs/cartpole* --table --goal 475"
    })
final class PlotCommand implements Callable<Integer> {
  private static final double PIXELS = 2;

  private final Console console;

  @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run directories, or runs' names.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      split = ",",
      description =
          "Figures, each in a panel of its own; without it episodes' return, accuracy or reward.")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--by",
      paramLabel = "steps|updates|time",
      description =
          "What over: environment steps (where runs count them), updates (else), or the seconds"
              + " in which a process worked on the run.")
  private @Nullable Axis by;

  @Option(
      names = "--no-group",
      negatable = true,
      description = "Whether seeds of a recipe are drawn as one line; they are, if not given.")
  private boolean group = true;

  @Option(
      names = "--band",
      paramLabel = "interval|range",
      description = "What the band of several seeds shows.")
  private @Nullable BandKind band;

  @Option(
      names = "--smooth",
      paramLabel = "N",
      defaultValue = "1",
      description = "Each point becomes the mean of the last N values; 1 if not given.")
  private int smooth;

  @Option(
      names = "--goal",
      paramLabel = "X",
      description = "Marks a value; the table says when it was reached.")
  private @Nullable Double goal;

  @Option(
      names = "--table",
      description =
          "Prints the values at the runs' ends: interquartile mean with its 95%% bootstrap"
              + " interval, mean and standard deviation. Draws only with --to.")
  private boolean table;

  @Option(
      names = "--to",
      paramLabel = "FILE.svg|png",
      description = "Where to; plot.svg here if not given.")
  private @Nullable Path to;

  PlotCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CommandFailure.checkAtLeast("--smooth", 1, smooth);
    checkFormat();
    Plot plot = new Plot(read(), settings());
    if (table) {
      plot.table().forEach(console::line);
    }
    if (!table || to != null) {
      draw(plot.picture(), to == null ? Path.of("plot.svg") : to);
    }
    return ExitCode.DONE;
  }

  private Plot.Settings settings() {
    return new Plot.Settings(
        metrics,
        Optional.ofNullable(by),
        group,
        Optional.ofNullable(band),
        smooth,
        goal == null ? OptionalDouble.empty() : OptionalDouble.of(goal));
  }

  private void checkFormat() {
    if (to != null && !isPng(to) && !to.toString().toLowerCase(Locale.ROOT).endsWith(".svg")) {
      throw new CommandFailure(
          ExitCode.REFUSED, "--to: got [" + to + "], expected a name that ends in .svg or .png");
    }
  }

  private static boolean isPng(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".png");
  }

  private List<PlottedRun> read() throws IOException {
    List<PlottedRun> runs = new ArrayList<>();
    for (RunDirectory directory : directories()) {
      runs.add(
          new PlottedRun(
              label(directory.root()),
              PlottedRun.SeededRecipe.read(directory.recipe()),
              RunFigures.read(directory.metrics(), name -> Plot.isWanted(name, metrics))));
    }
    return runs;
  }

  private List<RunDirectory> directories() {
    Set<Path> seen = new HashSet<>();
    List<RunDirectory> directories = new ArrayList<>();
    for (Path folder : folders) {
      Path chosen = RunDirectories.isName(folder.toString()) ? named(folder) : folder;
      RunDirectory directory = RunDirectories.of(chosen);
      if (seen.add(directory.root())) {
        directories.add(directory);
      }
    }
    return directories;
  }

  private static Path named(Path name) {
    Path run = RunDirectories.named(name.toString());
    return Files.exists(run) ? run : name;
  }

  /** The folder's name, or its path where two have the same name. */
  private String label(Path root) {
    String name = root.getFileName().toString();
    long same =
        folders.stream()
            .map(folder -> folder.toAbsolutePath().normalize())
            .distinct()
            .filter(folder -> folder.endsWith(name))
            .count();
    if (same < 2) {
      return name;
    }
    Path here = Path.of("").toAbsolutePath();
    return (root.startsWith(here) ? here.relativize(root) : root).toString();
  }

  private void draw(Picture picture, Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (isPng(file)) {
      Raster.png(picture, PIXELS, file);
    } else {
      Files.writeString(file, Svg.file(picture));
    }
    console.line("drew " + file);
  }
}
