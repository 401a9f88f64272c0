package dev.troupe.deploy.command;

import dev.troupe.deploy.policy.Answers;
import dev.troupe.deploy.policy.TrainedPolicy;
import dev.troupe.deploy.terminal.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
      "%nThe first answer is the greedy one, the others are drawn as the recipe says.",
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
    try (TrainedPolicy policy = options.load();
        Answers answers = new Answers(policy, count)) {
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
      console.err().println(console.bad(String.valueOf(e.getMessage())));
    }
  }

  private void answer(Answers answers, String line) {
    try {
      for (Answers.Answer answer : answers.to(line)) {
        console.format(
            "%s %s%s  log-prob %.4f   %s",
            answer.greedy() ? "greedy" : "drawn ",
            line,
            console.bold(answer.text()),
            answer.logProb(),
            console.faint(tokens(answer)));
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private static String tokens(Answers.Answer answer) {
    return answer.tokens().stream()
        .map(token -> String.format(Locale.ROOT, "%s %.3f", token.text(), token.logProb()))
        .collect(Collectors.joining("  "));
  }
}
