package dev.troupe.deploy.report;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.deploy.watch.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is printed when a run is over. */
public final class EndReport {
  private static final int ANSWERS = 10;

  private final Console console;
  private final Function<Path, String> paths;

  /** Names files as one would type them here. */
  public EndReport(Console console) {
    this(console, EndReport::here);
  }

  /** Names files as {@code paths} does. */
  public EndReport(Console console, Function<Path, String> paths) {
    this.console = console;
    this.paths = paths;
  }

  /** Prints the report of the run in {@code directory}. */
  public void print(RunSummary summary, RunDirectory directory) {
    console.line("");
    console.line(console.bold(summary.name()) + ": " + summary.ended());
    console.line("");
    console.format(
        "accuracy    %s before, %s after reinforcement learning%s",
        accuracy(summary.accuracyBefore()),
        console.bold(accuracy(summary.accuracyAfter())),
        summary.bestAccuracy().isPresent()
            ? " (best " + accuracy(summary.bestAccuracy()) + ")"
            : "");
    console.format(
        "updates     %d (%d skipped) from %d trajectories, mean policy lag %.2f",
        summary.updates(),
        summary.skippedUpdates(),
        summary.trajectories(),
        summary.meanPolicyLag());
    console.format(
        "sampling    %s tokens/s, idle %s",
        Figures.count(summary.samplingTokensPerSecond()),
        Figures.percent(summary.samplingIdleShare()));
    console.format(
        "learning    %s tokens/s, idle %s",
        Figures.count(summary.learningTokensPerSecond()),
        Figures.percent(summary.learningIdleShare()));
    console.format("time        %s", Figures.duration(seconds(summary.wallSeconds())));
    answers(summary);
    ledger(summary.ledger());
    files(summary, directory);
  }

  private void answers(RunSummary summary) {
    if (summary.answers().isEmpty()) {
      return;
    }
    console.line("");
    console.line(console.bold("Answers to held-out tasks"));
    for (RunEvent.Answer answer : summary.answers().stream().limit(ANSWERS).toList()) {
      RunView.Sample sample = Samples.of(answer.task(), answer.answer());
      String wanted =
          sample.right() || sample.expected().isEmpty() ? "" : "  expected " + sample.expected();
      console.format(
          "  %s %s%s%s",
          sample.right() ? console.good("✓") : console.bad("✗"),
          sample.prompt(),
          console.bold(sample.answer()),
          wanted);
    }
  }

  private void ledger(LedgerTotals ledger) {
    console.line("");
    console.line(console.bold("Ledger"));
    lines(ledger).forEach(line -> console.line("  " + line));
  }

  /** The account and its conservation law. */
  public static List<String> lines(LedgerTotals ledger) {
    long sum =
        ledger.leased()
            + ledger.recorded()
            + ledger.batched()
            + ledger.consumed()
            + ledger.droppedTotal();
    String reasons =
        ledger.dropped().entrySet().stream()
            .map(
                drop ->
                    drop.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-')
                        + " "
                        + drop.getValue())
            .collect(Collectors.joining(", ", " (", ")"));
    return List.of(
        String.format(
            Locale.ROOT,
            "%d granted = %d leased + %d recorded + %d batched + %d consumed + %d dropped: %s",
            ledger.granted(),
            ledger.leased(),
            ledger.recorded(),
            ledger.batched(),
            ledger.consumed(),
            ledger.droppedTotal(),
            sum == ledger.granted() ? "the law holds" : "THE LAW IS BROKEN, the sum is " + sum),
        "dropped" + (ledger.dropped().isEmpty() ? " none" : reasons),
        ledger.duplicates() + " late copies refused");
  }

  private void files(RunSummary summary, RunDirectory directory) {
    console.line("");
    console.line(console.bold("Files"));
    console.line("  " + paths.apply(directory.root()) + "/");
    console.line("    recipe.conf      the resolved recipe");
    console.line("    summary.json     these figures");
    console.line("    metrics/         metrics.jsonl and TensorBoard events");
    summary
        .lastCheckpoint()
        .ifPresent(
            last ->
                console.format(
                    "    checkpoints/     the last one is of update %d%s",
                    last.update(),
                    summary
                        .bestCheckpoint()
                        .map(best -> ", the best one of update " + best.update())
                        .orElse("")));
    console.line("    journal/         every trajectory and what became of it");
    console.line("");
    String run = paths.apply(directory.root());
    console.line("Try it: ./troupe sample " + run + "   prove it: ./troupe audit " + run);
  }

  private static String accuracy(OptionalDouble accuracy) {
    return accuracy.isPresent() ? Figures.percent(accuracy.getAsDouble()) : "not measured";
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  /** As one would type it. */
  public static String here(Path path) {
    Path working = Path.of("").toAbsolutePath();
    return path.startsWith(working) ? working.relativize(path).toString() : path.toString();
  }
}
