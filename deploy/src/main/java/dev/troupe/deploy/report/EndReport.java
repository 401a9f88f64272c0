package dev.troupe.deploy.report;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.processor.ProcessorTimes;
import dev.troupe.deploy.processor.ThreadKind;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is printed when a run is over. */
public final class EndReport {
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
  public void print(Summary summary, RunDirectory directory, RunSpecification run) {
    print(summary, directory, run, ProcessorTimes.unknown());
  }

  /** Likewise, with what reinforcement learning cost this process. */
  public void print(
      Summary summary, RunDirectory directory, RunSpecification run, ProcessorTimes processor) {
    console.line("");
    console.line(console.bold(summary.name()) + ": " + summary.ended());
    console.line("");
    figures(summary).forEach(console::line);
    if (processor.isKnown()) {
      console.format(
          "processor   dispatching %.1f%%, journal %.1f%%; all kinds of threads in summary.json",
          100 * processor.share(ThreadKind.DISPATCHING), 100 * processor.share(ThreadKind.JOURNAL));
    }
    if (summary.measure() == Measure.ACCURACY) {
      answers(summary, run.tasks());
    }
    ledger(summary.ledger());
    files(summary, directory);
  }

  /** The figures, a few on each line. */
  public List<String> figures(Summary summary) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(Locale.ROOT, "%-12s", summary.measure().word())
            + accuracy(summary, summary.accuracyBefore())
            + " before, "
            + console.bold(accuracy(summary, summary.accuracyAfter()))
            + " after reinforcement learning"
            + (summary.bestAccuracy().isPresent()
                ? " (best " + accuracy(summary, summary.bestAccuracy()) + ")"
                : "")
            + (summary.measure() == Measure.RETURN ? ", of greedy episodes" : ""));
    lines.add(
        String.format(
            Locale.ROOT,
            "updates     %d%s from %d %s, mean policy lag %.2f",
            summary.updates(),
            summary.skippedUpdates() == 0 ? "" : " (" + summary.skippedUpdates() + " skipped)",
            summary.trajectories(),
            summary.measure() == Measure.RETURN ? "fragments" : "trajectories",
            summary.meanPolicyLag()));
    if (summary.updates() > 0) {
      lines.addAll(speeds(summary));
    }
    lines.add(
        "time        "
            + Figures.duration(seconds(summary.wallSeconds()))
            + (summary.processes() > 1 ? ", in " + summary.processes() + " processes" : ""));
    return lines;
  }

  private static List<String> speeds(Summary summary) {
    return List.of(
        "sampling    "
            + Figures.count(summary.samplingTokensPerSecond())
            + " "
            + summary.measure().work()
            + "/s, idle "
            + Figures.percent(summary.samplingIdleShare()),
        "learning    "
            + Figures.count(summary.learningTokensPerSecond())
            + " "
            + summary.measure().work()
            + "/s, idle "
            + Figures.percent(summary.learningIdleShare()));
  }

  private void answers(Summary summary, TaskSpecification tasks) {
    if (summary.answers().isEmpty()) {
      return;
    }
    console.line("");
    console.line(console.bold("Answers to held-out tasks"));
    AnswerHint.of(tasks).ifPresent(hint -> console.line("  " + console.faint(hint)));
    for (RunView.Sample sample : summary.answers()) {
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

  private void files(Summary summary, RunDirectory directory) {
    String run = paths.apply(directory.root());
    console.line("");
    console.line(console.bold("Files"));
    console.line("  " + run + "/");
    console.line("    recipe.conf      every value of the recipe");
    console.line("    summary.json     these figures");
    console.line("    metrics/         metrics.jsonl and TensorBoard events");
    summary
        .lastCheckpoint()
        .ifPresent(
            last ->
                console.line(
                    "    checkpoints/     the last one is of step "
                        + last
                        + (summary.bestStep().isPresent()
                            ? ", the best one of step " + summary.bestStep().getAsLong()
                            : "")));
    console.line("    journal/         every trajectory and what became of it");
    console.line("");
    String tried = summary.measure() == Measure.RETURN ? "eval " : "sample ";
    console.line("Try it: ./troupe " + tried + run + "   prove it: ./troupe audit " + run);
  }

  private static String accuracy(Summary summary, OptionalDouble accuracy) {
    return accuracy.isPresent() ? summary.measure().text(accuracy.getAsDouble()) : "not measured";
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
