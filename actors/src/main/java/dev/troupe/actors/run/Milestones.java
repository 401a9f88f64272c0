package dev.troupe.actors.run;

import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.run.StopSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a run remembers beside its ledger: its evaluations and how long it has run. Lines of {@code
 * milestones.tsv}, appended; a last line that a crash cut short is cut off.
 *
 * <pre>
 *   evaluation  BEFORE|DURING|AFTER  update  accuracy
 *   committed   update  epoch  hash of the manifest
 *   wall        seconds of this life of the run so far
 *   figures     of this life so far, as in RunFigures
 *   began
 * </pre>
 */
final class Milestones {
  private final Path file;
  private double secondsBefore;
  private double secondsOfLast;
  private RunFigures figuresBefore = RunFigures.none();
  private RunFigures figuresOfLast = RunFigures.none();
  private int lives;
  private OptionalDouble before = OptionalDouble.empty();
  private OptionalDouble best = OptionalDouble.empty();
  private long bestUpdate = -1;
  private long lastEvaluated = -1;
  private OptionalDouble lastAccuracy = OptionalDouble.empty();
  private int withoutImprovement;
  private final Map<Long, CheckpointRef> checkpoints = new HashMap<>();

  private Milestones(Path file) {
    this.file = file;
  }

  /** Reads what earlier lives of the run wrote, to write on from there. */
  static Milestones open(RunDirectory directory) {
    Path file = directory.root().resolve("milestones.tsv");
    return read(
        file,
        whole -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(whole);
          }
        });
  }

  /** Reads what a run wrote, and changes nothing. */
  static Milestones read(RunDirectory directory) {
    return read(directory.root().resolve("milestones.tsv"), _ -> {});
  }

  /** What is done with a file of which this many bytes are whole lines. */
  private interface Cut {
    void at(long bytes) throws IOException;
  }

  private static Milestones read(Path file, Cut cut) {
    Milestones milestones = new Milestones(file);
    try {
      if (Files.exists(file)) {
        String text = Files.readString(file);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        whole.lines().forEach(milestones::read);
        cut.at(whole.length());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + file + "]", e);
    }
    return milestones;
  }

  /** A life of the run begins: a process, or in one a further try after a failure. */
  void begin() {
    append("began");
    fold();
  }

  private void fold() {
    secondsBefore += secondsOfLast;
    secondsOfLast = 0;
    figuresBefore = figuresBefore.plus(figuresOfLast);
    figuresOfLast = RunFigures.none();
    lives++;
  }

  private void read(String line) {
    String[] fields = line.split("\t", -1);
    try {
      switch (fields[0]) {
        case "evaluation" ->
            note(
                Occasion.valueOf(fields[1]),
                Long.parseLong(fields[2]),
                Double.parseDouble(fields[3]));
        case "wall" -> secondsOfLast = Double.parseDouble(fields[1]);
        case "committed" ->
            note(
                new CheckpointRef(
                    Long.parseLong(fields[1]), Integer.parseInt(fields[2]), fields[3]));
        case "figures" -> figuresOfLast = figures(fields);
        case "began" -> fold();
        default -> {}
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
      // Not a line of ours.
    }
  }

  private static RunFigures figures(String[] fields) {
    double[] numbers = Stream.of(fields).skip(1).mapToDouble(Double::parseDouble).toArray();
    return new RunFigures(
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        (long) numbers[6],
        numbers[7]);
  }

  /** An evaluation ended; whether it is the best one. Blocks for a small write. */
  boolean evaluated(Occasion occasion, long update, double accuracy) {
    append(String.format(Locale.ROOT, "evaluation\t%s\t%d\t%.9f", occasion, update, accuracy));
    return note(occasion, update, accuracy);
  }

  private boolean note(Occasion occasion, long update, double accuracy) {
    if (occasion == Occasion.BEFORE) {
      before = OptionalDouble.of(accuracy);
    }
    boolean improved = best.isEmpty() || accuracy > best.getAsDouble();
    if (improved) {
      best = OptionalDouble.of(accuracy);
      bestUpdate = update;
      withoutImprovement = 0;
    } else if (occasion == Occasion.DURING && update > lastEvaluated) {
      withoutImprovement++;
    }
    lastEvaluated = Math.max(lastEvaluated, update);
    lastAccuracy = OptionalDouble.of(accuracy);
    return improved;
  }

  /** A checkpoint counts. Blocks for a small write. */
  void committed(CheckpointRef checkpoint) {
    append(
        "committed\t"
            + checkpoint.update()
            + "\t"
            + checkpoint.epoch()
            + "\t"
            + checkpoint.manifestHash());
    note(checkpoint);
  }

  private void note(CheckpointRef checkpoint) {
    checkpoints.put(checkpoint.update(), checkpoint);
  }

  /** This life of the run lasts {@code seconds} so far. Blocks for a small write. */
  void wall(double seconds) {
    appendIfPossible(String.format(Locale.ROOT, "wall\t%.3f", seconds));
    secondsOfLast = seconds;
  }

  /** This is what was measured in this life of the run so far. Blocks for a small write. */
  void figures(RunFigures figures) {
    appendIfPossible(
        String.format(
            Locale.ROOT,
            "figures\t%.3f\t%.0f\t%.3f\t%.3f\t%.0f\t%.3f\t%d\t%.3f",
            figures.seconds(),
            figures.samplingTokens(),
            figures.samplerSeconds(),
            figures.samplerIdleSeconds(),
            figures.learningTokens(),
            figures.learnerIdleSeconds(),
            figures.trajectories(),
            figures.lagSum()));
    figuresOfLast = figures;
  }

  private void append(String line) {
    try {
      write(line);
    } catch (IOException e) {
      throw new UncheckedIOException("writing [" + file + "]", e);
    }
  }

  /** A full disk is no reason to end: the next line says the same, and more. */
  private void appendIfPossible(String line) {
    try {
      write(line);
    } catch (IOException _) {
      // What is known in memory counts as long as this process lives.
    }
  }

  private void write(String line) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      channel.write(StandardCharsets.UTF_8.encode(line + "\n"));
    }
  }

  /** Seconds of all lives of the run so far, as far as they were written down. */
  double seconds() {
    return secondsBefore + secondsOfLast;
  }

  /** Seconds of the newest life, as far as they were written down. */
  double secondsOfLast() {
    return secondsOfLast;
  }

  /** What was measured in all lives of the run so far, as far as it was written down. */
  RunFigures figures() {
    return figuresBefore.plus(figuresOfLast);
  }

  /** How often the run was begun or resumed. */
  int lives() {
    return lives;
  }

  /** Of the newest evaluation. */
  OptionalDouble lastAccuracy() {
    return lastAccuracy;
  }

  OptionalDouble before() {
    return before;
  }

  OptionalDouble best() {
    return best;
  }

  /** Update of the best weights; -1 = none. */
  long bestUpdate() {
    return bestUpdate;
  }

  /** The checkpoint of the best weights, where one was made. */
  Optional<CheckpointRef> bestCheckpoint() {
    return Optional.ofNullable(checkpoints.get(bestUpdate));
  }

  /** Why the recipe wants the run to end now, given the last evaluation. */
  Optional<String> enough(StopSpecification stop, double lastAccuracy) {
    if (stop.accuracy() > 0 && lastAccuracy >= stop.accuracy()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "an evaluation reached [%.3f], the recipe asks for [%.3f]",
              lastAccuracy,
              stop.accuracy()));
    }
    if (stop.evaluationsWithoutImprovement() > 0
        && withoutImprovement >= stop.evaluationsWithoutImprovement()) {
      return Optional.of("[" + withoutImprovement + "] evaluations brought no improvement");
    }
    return Optional.empty();
  }

  /**
   * Why the recipe wants the run to end now.
   *
   * @param seconds of this life of the run
   * @param consumed trajectories trained on
   */
  Optional<String> enough(StopSpecification stop, double seconds, long consumed) {
    Duration limit = stop.wallTime();
    if (!limit.isZero() && secondsBefore + seconds >= limit.toNanos() / 1e9) {
      return Optional.of("it ran for the [" + limit.toSeconds() + "] s that the recipe allows");
    }
    if (stop.trajectories() > 0 && consumed >= stop.trajectories()) {
      return Optional.of("it trained on the [" + stop.trajectories() + "] trajectories asked for");
    }
    return Optional.empty();
  }
}
