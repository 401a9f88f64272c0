package dev.troupe.deploy.command;

import dev.troupe.deploy.policy.Answers;
import dev.troupe.deploy.policy.TrainedPolicy;
import dev.troupe.deploy.report.AnswerHint;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets people talk to a trained policy. */
@Command(
    name = "sample",
    header = "Answers prompts that you type, with log-probabilities.",
    footer = {
      "%nThe first answer is the greedy one (the likeliest token each time), the others are drawn",
      "as the recipe says. Behind each stand its natural log-probability by the policy, the same",
      "as a probability, and the log-probability of each token.",
      "Without a terminal, each line of the input is a prompt.",
      "%nExamples:",
      "  ./troupe sample runs/sums",
      "  ./troupe sample runs/sums --prompt 47+85= --count 4",
      "  ./troupe sample runs/sums --set sampling.temperature=0.5"
    })
final class SampleCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private PolicyOptions options = new PolicyOptions();

  @Option(names = "--prompt", paramLabel = "TEXT", description = "Answer this one and end.")
  private @Nullable String prompt;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "3",
      description = "Answers to draw beside the greedy one; 3 if not given.")
  private int count;

  SampleCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CommandFailure.checkAtLeast("--count", 0, count);
    try (TrainedPolicy policy = options.load();
        Answers answers = new Answers(policy, count)) {
      AnswerHint.of(policy.recipe().specification().tasks()).ifPresent(console::line);
      if (prompt != null) {
        answer(answers, prompt);
      } else if (console.live()) {
        console.line("Answering with " + policy.source() + ". Ctrl-D ends.");
        converse(answers);
      } else {
        readLines(answers);
      }
    }
    return ExitCode.DONE;
  }

  private void converse(Answers answers) {
    LineReader reader = LineReaderBuilder.builder().build();
    reader.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION);
    while (true) {
      try {
        tryAnswer(answers, reader.readLine("prompt> "));
      } catch (EndOfFileException | UserInterruptException _) {
        return;
      }
    }
  }

  private void readLines(Answers answers) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      tryAnswer(answers, line);
    }
  }

  /** A prompt that can't be answered is no reason to end a conversation. */
  private void tryAnswer(Answers answers, String line) {
    try {
      answer(answers, line);
    } catch (CommandFailure e) {
      console.err().println(console.bad("troupe: ") + e.getMessage());
    }
  }

  private void answer(Answers answers, String line) {
    List<Answers.Answer> all;
    try {
      all = answers.to(line);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
    int widest = all.stream().mapToInt(answer -> answer.text().length()).max().orElse(0);
    for (Answers.Answer answer : all) {
      console.format(
          "%s  %s%s%s  log-prob %s (%s)  %s",
          answer.greedy() ? "greedy" : "drawn ",
          line,
          console.bold(answer.text()),
          " ".repeat(widest - answer.text().length()),
          logProb(answer.logProb()),
          Figures.percent(Math.exp(answer.logProb())),
          console.faint(tokens(answer)));
    }
  }

  private static String tokens(Answers.Answer answer) {
    return answer.tokens().stream()
        .map(token -> token.text() + " " + logProb(token.logProb()).strip())
        .collect(Collectors.joining("  ", "[", "]"));
  }

  /** Of the same width up to -99; nothing below zero is shown as 0. */
  private static String logProb(double logProb) {
    return String.format(Locale.ROOT, "%7.3f", logProb > -0.0005 ? 0.0 : logProb);
  }
}
