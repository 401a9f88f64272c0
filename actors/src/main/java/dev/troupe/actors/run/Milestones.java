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

/**
 * What a run remembers beside its ledger: its evaluations and how long it has run. Lines of {@code
 * milestones.tsv}, appended; a last line that a crash cut short is cut off.
 *
 * <pre>
 *   evaluation  BEFORE|DURING|AFTER  update  accuracy
 *   committed   update  epoch  hash of the manifest
 *   wall        seconds of this process so far
 *   began
 * </pre>
 */
final class Milestones {
  private final Path file;
  private double secondsBefore;
  private double secondsOfLast;
  private OptionalDouble before = OptionalDouble.empty();
  private OptionalDouble best = OptionalDouble.empty();
  private long bestUpdate = -1;
  private long lastEvaluated = -1;
  private int withoutImprovement;
  private final Map<Long, CheckpointRef> checkpoints = new HashMap<>();

  private Milestones(Path file) {
    this.file = file;
  }

  /** Reads what earlier processes wrote and begins this one. */
  static Milestones open(RunDirectory directory) {
    Path file = directory.root().resolve("milestones.tsv");
    Milestones milestones = new Milestones(file);
    try {
      if (Files.exists(file)) {
        milestones.readAll(Files.readString(file));
      }
      milestones.secondsBefore += milestones.secondsOfLast;
      milestones.append("began");
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + file + "]", e);
    }
    return milestones;
  }

  private void readAll(String text) throws IOException {
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    whole.lines().forEach(this::read);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(whole.length());
    }
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
        case "began" -> {
          secondsBefore += secondsOfLast;
          secondsOfLast = 0;
        }
        default -> {}
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
      // Not a line of ours.
    }
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
    return improved;
  }

  /** A checkpoint counts, after {@code seconds} of this process. Blocks for a small write. */
  void committed(CheckpointRef checkpoint, double seconds) {
    append(
        String.format(
            Locale.ROOT,
            "committed\t%d\t%d\t%s%nwall\t%.3f",
            checkpoint.update(),
            checkpoint.epoch(),
            checkpoint.manifestHash(),
            seconds));
    note(checkpoint);
  }

  private void note(CheckpointRef checkpoint) {
    checkpoints.put(checkpoint.update(), checkpoint);
  }

  /** This process has run for {@code seconds}. Blocks for a small write. */
  void wall(double seconds) {
    append(String.format(Locale.ROOT, "wall\t%.3f", seconds));
  }

  private void append(String line) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      channel.write(StandardCharsets.UTF_8.encode(line + "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("writing [" + file + "]", e);
    }
  }

  /** Seconds of earlier processes. */
  double secondsBefore() {
    return secondsBefore;
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

  /** Why the recipe wants the run to end now, given its time and its trajectories. */
  Optional<String> enough(StopSpecification stop, double seconds, long consumed) {
    Duration limit = stop.wallTime();
    if (!limit.isZero() && secondsBefore + seconds >= limit.toNanos() / 1e9) {
      return Optional.of("it ran for [" + limit + "]");
    }
    if (stop.trajectories() > 0 && consumed >= stop.trajectories()) {
      return Optional.of("it trained on the [" + stop.trajectories() + "] trajectories asked for");
    }
    return Optional.empty();
  }
}
