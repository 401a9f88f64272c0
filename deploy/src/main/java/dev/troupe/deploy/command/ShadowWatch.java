package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ReachedRun;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.deploy.terminal.Table;
import dev.troupe.deploy.watch.Judges;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Shows how a verifier does that judges beside the one in force, and waits for its trial. */
record ShadowWatch(Console console, ReachedRun run) {
  private static final Duration EVERY = Duration.ofMillis(500);

  /** Waits while a trial goes on, and says what came of it; the exit code. */
  int awaitTrial() {
    Optional<Judges.Shadow> shadow = shadow();
    while (shadow.filter(ShadowWatch::isOnTrial).isPresent()) {
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ExitCode.FAILED;
      }
      shadow = shadow();
    }
    if (shadow.isEmpty() || shadow.get().trial() == 0) {
      return ExitCode.DONE;
    }
    Judges.Shadow over = shadow.get();
    return switch (over.state()) {
      case TAKEN -> {
        console.line("[" + over.name() + "] is taken: " + over.words());
        yield ExitCode.DONE;
      }
      case JUDGING, REFUSED, ENDED -> {
        console.line("[" + over.name() + "] is not taken: " + over.words());
        print(over);
        yield ExitCode.FAILED;
      }
    };
  }

  private static boolean isOnTrial(Judges.Shadow shadow) {
    return switch (shadow.state()) {
      case JUDGING -> shadow.trial() > 0;
      case TAKEN, REFUSED, ENDED -> false;
    };
  }

  private Optional<Judges.Shadow> shadow() {
    return run.view().flatMap(view -> view.judges().shadow());
  }

  /** What is known now. */
  void print() {
    shadow().ifPresent(this::print);
  }

  private void print(Judges.Shadow shadow) {
    console.line(
        "compared "
            + Figures.count(shadow.compared())
            + ", agreement "
            + Figures.percent(shadow.agreement())
            + ", mean score "
            + mean(shadow.shadowScoreMean())
            + " (in force "
            + mean(shadow.scoreMean())
            + "), without a score "
            + shadow.shadowUnscored()
            + " (in force "
            + shadow.unscored()
            + ")"
            + (shadow.skipped() > 0 ? ", skipped " + shadow.skipped() : ""));
    if (!shadow.examples().isEmpty()) {
      Table table = new Table();
      table.row("prompt", "answer", "in force", shadow.name());
      shadow
          .examples()
          .forEach(
              example ->
                  table.row(
                      example.prompt().strip(),
                      example.answer().strip(),
                      example.outcome(),
                      example.shadow()));
      table.lines().forEach(console::line);
    }
  }

  private static String mean(double mean) {
    return Double.isNaN(mean) ? "none" : String.format(Locale.ROOT, "%.3f", mean);
  }
}
