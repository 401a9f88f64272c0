package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.recipe.WrittenSettings;
import dev.troupe.deploy.reward.Trial;
import dev.troupe.deploy.reward.TrialReport;
import dev.troupe.deploy.reward.TrialRow;
import dev.troupe.deploy.reward.TrialRows;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tries a verifier on answers that are there. */
@Command(
    name = "test",
    header = "Tries a verifier on a file of answers, or on those of a run.",
    footer = {
      "%nA line of the file is a JSON object with the fields prompt, expected and completion, or"
          + " as",
      "data sets call them: question, answer, response and others; tokens, if there, has the",
      "answer's token ids (otherwise each character counts as one), and score what somebody said",
      "of it before. A run's answers are compared with the outcomes that it recorded.",
      "Exit code 1 where an answer got no score.",
      "%nExamples:",
      "  ./troupe reward test gsm8k --on answers.jsonl",
      "  ./troupe reward test gsm8k --on answers.jsonl --settings 'extract = strict'",
      "  ./troupe reward test squad --on answers.jsonl --against exact --show 20",
      "  ./troupe reward test ifeval --on rows.jsonl --expected '*' --completion response",
      "  ./troupe reward test gsm8k --run runs/gsm8k --rows 500"
    })
final class RewardTestCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The verifier; ./troupe reward list has them.")
  private String name = "";

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source = new Source();

  /** Where answers come from. */
  static final class Source {
    @Option(names = "--on", paramLabel = "FILE", description = "Lines of JSON objects.")
    private @Nullable Path file;

    @Option(names = "--run", paramLabel = "RUN", description = "A run directory.")
    private @Nullable Path run;
  }

  @Option(
      names = "--settings",
      paramLabel = "SETTINGS",
      description =
          "A file with what stands in reward.settings of a recipe, or that itself, like"
              + " 'extract = strict'.")
  private String settings = "";

  @Option(names = "--against", paramLabel = "OTHER", description = "A verifier to compare with.")
  private @Nullable String other;

  @Option(
      names = "--against-settings",
      paramLabel = "SETTINGS",
      description = "Settings of the other verifier.")
  private String otherSettings = "";

  @Option(
      names = "--expected",
      paramLabel = "FIELD",
      description = "Field with what the task expects; * for the whole object.")
  private @Nullable String expected;

  @Option(names = "--completion", paramLabel = "FIELD", description = "Field with the answer.")
  private @Nullable String completion;

  @Option(
      names = "--score",
      paramLabel = "FIELD",
      description = "Field with a score to compare with.")
  private @Nullable String score;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Answers to try at most: the first of a file, the last of a run (10000).")
  private int most;

  @Option(
      names = "--show",
      paramLabel = "N",
      defaultValue = "10",
      description = "Disagreements to show (10).")
  private int shown;

  @Option(
      names = "--limit-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Time for one verdict (5).")
  private int limitSeconds;

  RewardTestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CommandFailure.checkAtLeast("--rows", 1, most);
    CommandFailure.checkAtLeast("--show", 0, shown);
    CommandFailure.checkAtLeast("--limit-seconds", 1, limitSeconds);
    Verifier verifier = verifier(name, "--settings", settings);
    List<TrialRow> rows = rows();
    if (rows.isEmpty()) {
      throw new CommandFailure(ExitCode.FAILED, "there are no answers to try [" + name + "] on");
    }
    TrialReport report = new TrialReport(rows, run(verifier, rows));
    console.format(
        "%s on %d answers",
        console.bold(verifier.ref().name() + "@" + verifier.ref().version()), rows.size());
    report.lines().forEach(console::line);
    compare(report, rows);
    return report.unscored() == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void compare(TrialReport report, List<TrialRow> rows) {
    if (rows.stream().anyMatch(row -> row.known().isPresent())) {
      String who = source.run != null ? "the record" : "the file's scores";
      report
          .against(who, rows.stream().map(TrialRow::known).toList(), shown)
          .forEach(console::line);
    }
    if (other != null) {
      List<Optional<Outcome>> others =
          run(verifier(other, "--against-settings", otherSettings), rows).stream()
              .map(verdict -> Optional.of(verdict.outcome()))
              .toList();
      report.against(other, others, shown).forEach(console::line);
    }
  }

  private List<Trial.Verdict> run(Verifier verifier, List<TrialRow> rows) {
    return Trial.run(verifier, rows, Duration.ofSeconds(limitSeconds), System::nanoTime);
  }

  private static Verifier verifier(String name, String option, String settings) {
    String version = Verifiers.kind(name).version();
    String resolved = WrittenSettings.verifier(option, name, version, settings).settings();
    return Verifiers.of(name, version, JsonText.parse(resolved).getAsJsonObject());
  }

  private List<TrialRow> rows() throws IOException {
    Path file = source.file;
    if (file == null) {
      RunDirectory directory = RunDirectories.of(source.run == null ? Path.of("") : source.run);
      return TrialRows.ofRun(directory, most);
    }
    if (!Files.isReadable(file)) {
      throw new CommandFailure(
          ExitCode.REFUSED, "--on: got [" + file + "], expected a file that can be read");
    }
    TrialRows.Fields usual = TrialRows.Fields.USUAL;
    return TrialRows.ofFile(
        file,
        new TrialRows.Fields(
            usual.prompt(),
            expected == null ? usual.expected() : List.of(expected),
            completion == null ? usual.completion() : List.of(completion),
            score == null ? usual.known() : List.of(score)),
        most);
  }
}
