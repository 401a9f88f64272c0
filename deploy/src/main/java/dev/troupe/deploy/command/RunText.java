package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.StopConditions;
import dev.troupe.deploy.history.FailureFile;
import dev.troupe.deploy.history.LatestFigures;
import dev.troupe.deploy.history.RunState;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.report.Summary;
import dev.troupe.deploy.report.SummaryFile;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a run stands, by its files, in words. */
final class RunText {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final Console console;
  private final RunDirectory directory;
  private final RunSpecification specification;

  RunText(Console console, RunDirectory directory, RunSpecification specification) {
    this.console = console;
    this.directory = directory;
    this.specification = specification;
  }

  List<String> lines() throws IOException {
    RunState state = RunState.read(directory, specification);
    Optional<FailureFile.Failure> failure = FailureFile.read(directory.root());
    List<String> lines = new ArrayList<>();
    lines.addAll(standing(state, failure));
    lines.addAll(figures(state));
    for (String line : EndReport.lines(state.ledger()).subList(0, 2)) {
      lines.add("ledger      " + line);
    }
    lines.add("checkpoints " + checkpoints(state));
    lines.add(
        "disk        "
            + Figures.bytes(LatestFigures.bytes(directory.root()))
            + " in "
            + EndReport.here(directory.root())
            + "/");
    return lines;
  }

  private List<String> standing(RunState state, Optional<FailureFile.Failure> failure) {
    String name = console.bold(specification.name()) + ": ";
    if (state.holder().isPresent()) {
      return List.of(name + console.good("going on") + " in " + state.holder().get());
    }
    if (state.ended().isPresent()) {
      return List.of(
          name + console.good("finished") + ": " + state.ended().get(),
          "for longer  "
              + resume(" " + StopConditions.longer(specification, state.trainedBatches())));
    }
    if (failure.isPresent()) {
      return List.of(
          name
              + console.bad("failed")
              + " at "
              + MOMENT.format(failure.get().at().atZone(ZoneId.systemDefault())),
          "why         " + failure.get().why(),
          "what next   mend the cause, then: " + resume(""));
    }
    if (isOfCluster()) {
      return List.of(
          name + "not ended; whether it goes on its cluster knows:",
          "            ./troupe status " + specification.name() + " --to HOST:PORT");
    }
    return List.of(name + console.warning("interrupted"), "go on with  " + resume(""));
  }

  private String resume(String more) {
    return isOfCluster()
        ? "./troupe submit RECIPE --resume" + more
        : "./troupe train " + EndReport.here(directory.root()) + " --resume" + more;
  }

  private boolean isOfCluster() {
    return directory.isOfCluster();
  }

  /** Those of the end report; before there is one, the newest that were written down. */
  private List<String> figures(RunState state) throws IOException {
    Optional<Summary> told =
        SummaryFile.read(directory.summary())
            .filter(summary -> summary.updates() == state.trainedBatches())
            .filter(_ -> state.holder().isEmpty());
    if (told.isPresent()) {
      return new EndReport(console).figures(told.get());
    }
    LatestFigures latest = LatestFigures.read(directory.metrics());
    Measure measure = Measure.of(specification);
    List<String> lines = new ArrayList<>();
    latest
        .of("evaluation/" + measure.word())
        .ifPresent(
            it ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "%-12s%s at step %d",
                        measure.word(),
                        measure.text(it.value()),
                        it.step())));
    long most = specification.stop().updates();
    lines.add(
        "updates     "
            + state.trainedBatches()
            + (most == 0 ? "" : " of " + most)
            + " from "
            + state.ledger().consumed()
            + " trajectories that a checkpoint has");
    latest
        .of("learner/" + (measure == Measure.RETURN ? "episodeReturn" : "rewardMean"))
        .or(() -> latest.of("reward/mean"))
        .ifPresent(
            it ->
                lines.add(
                    String.format(
                        Locale.ROOT, "reward      %.3f at step %d", it.value(), it.step())));
    lines.add(
        "time        "
            + Figures.duration(Duration.ofMillis((long) (StopConditions.seconds(directory) * 1000)))
            + (state.epochs() > 1 ? ", in " + state.epochs() + " processes" : ""));
    return lines;
  }

  private static String checkpoints(RunState state) {
    return state.checkpoints().isEmpty()
        ? "none yet"
        : state.checkpoints().stream()
                .map(ref -> Long.toString(ref.update()))
                .collect(Collectors.joining(", ", "of steps ", ""))
            + state
                .committed()
                .map(update -> "; the last that counts is of step " + update)
                .orElse("");
  }
}
