package dev.troupe.deploy.terminal;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A run in words: the block of a terminal, or one plain line. */
final class ProgressText {
  private static final int BAR = 24;
  private static final int BAR_MIN = 6;
  private static final int PLAIN = 80;
  private static final String NOTHING_YET = "no figures yet";
  private static final int SAMPLES = 3;

  private final Console console;

  ProgressText(Console console) {
    this.console = console;
  }

  /** A few lines, none wider than {@code width}. */
  List<String> block(RunView view, String footer, int width) {
    List<String> lines = new ArrayList<>();
    String name = console.bold(view.name()) + "  " + doing(view) + "  ";
    String times = "  " + times(view);
    int room = width - Wrap.visible(name) - Wrap.visible(times);
    lines.add(name + bar(share(view), Math.clamp(room, BAR_MIN, BAR)) + times);
    lines.add(results(view, true));
    speeds(view).ifPresent(lines::add);
    lines.add(ledger(view.ledger()));
    String samples = samples(view, width);
    if (!samples.isEmpty()) {
      lines.add(samples);
    }
    view.stall()
        .ifPresent(
            stall ->
                lines.add(
                    console.warning(
                        "stalled: "
                            + stall.actor()
                            + " has waited "
                            + Figures.duration(stall.since())
                            + " for "
                            + stall.waitsFor())));
    if (!footer.isEmpty()) {
      lines.add(console.faint(footer));
    }
    return lines.stream().flatMap(line -> Wrap.lines(line, width, 2).stream()).toList();
  }

  /** The same on a line or two, for logs. */
  List<String> plain(RunView view) {
    List<String> words = new ArrayList<>();
    String results = results(view, false);
    words.add(doing(view) + (results.equals(NOTHING_YET) ? "" : "   " + results));
    words.add(
        speeds(view).map(it -> "  " + it + "   ").orElse("  ") + Figures.duration(view.elapsed()));
    if (Wrap.visible(String.join("", words)) < PLAIN) {
      return List.of(words.getFirst() + " " + words.getLast());
    }
    return words.stream().flatMap(line -> Wrap.lines(line, PLAIN, 2).stream()).toList();
  }

  static String doing(RunView view) {
    return switch (view.phase()) {
      case STARTING -> "starting";
      case PAUSED -> "paused: " + view.detail();
      case DRAINING -> "finishing what is under way";
      case DONE -> "done";
      case FAILED -> "failed: " + view.detail();
      case RUNNING ->
          switch (view.stage()) {
            case NONE -> "running";
            case SUPERVISED ->
                "supervised step " + view.supervisedStep() + "/" + view.supervisedSteps();
            case REINFORCED ->
                "update " + view.update() + (view.updatesMax() == 0 ? "" : "/" + view.updatesMax());
            case CLOSING -> "last evaluation";
          };
    };
  }

  private static double share(RunView view) {
    if (view.phase() == Phase.DONE) {
      return 1;
    }
    return switch (view.stage()) {
      case NONE -> 0;
      case SUPERVISED ->
          view.supervisedSteps() == 0 ? 0 : (double) view.supervisedStep() / view.supervisedSteps();
      case REINFORCED -> view.updatesMax() == 0 ? 0 : (double) view.update() / view.updatesMax();
      case CLOSING -> 1;
    };
  }

  private static String bar(double share, int width) {
    int full = (int) Math.round(share * width);
    return "━".repeat(full) + "┄".repeat(width - full);
  }

  private static String times(RunView view) {
    String left = view.left().map(time -> ", about " + Figures.duration(time) + " left").orElse("");
    return Figures.duration(view.elapsed()) + left;
  }

  private String results(RunView view, boolean all) {
    List<String> words = new ArrayList<>();
    if (all || view.reward().isEmpty()) {
      view.loss().ifPresent(loss -> words.add("loss " + number(loss)));
    }
    view.reward()
        .ifPresent(
            reward ->
                words.add(view.measure().rewards() + " " + view.measure().rewardText(reward)));
    accuracy(view, words);
    if (view.lagMean().isPresent()) {
      words.add(
          String.format(
              Locale.ROOT,
              "policy lag %.1f (max %.0f)",
              view.lagMean().getAsDouble(),
              view.lagMax().orElse(Double.NaN)));
    }
    return words.isEmpty() ? NOTHING_YET : String.join("   ", words);
  }

  private void accuracy(RunView view, List<String> words) {
    OptionalDouble before = view.accuracyBefore();
    if (view.accuracy().isEmpty()) {
      return;
    }
    String now = view.measure().text(view.accuracy().getAsDouble());
    boolean moved = before.isPresent() && before.getAsDouble() != view.accuracy().getAsDouble();
    words.add(
        (view.measure() == Measure.RETURN ? "evaluated " : view.measure().word() + " ")
            + (moved ? view.measure().text(before.getAsDouble()) + " → " : "")
            + console.bold(now));
  }

  private static Optional<String> speeds(RunView view) {
    RunEvent.Rates rates = view.rates();
    if (view.update() == 0) {
      return view.supervisedStep() == 0
          ? Optional.empty()
          : Optional.of(
              "learning " + Figures.count(view.supervisedTokensPerSecond()) + " tokens/s");
    }
    return Optional.of(
        "sampling "
            + Figures.count(rates.samplingTokensPerSecond())
            + " "
            + view.measure().work()
            + "/s, idle "
            + Figures.percent(rates.samplingIdleShare())
            + "   learning "
            + Figures.count(rates.learningTokensPerSecond())
            + " "
            + view.measure().work()
            + "/s, idle "
            + Figures.percent(rates.learningIdleShare()));
  }

  static String ledger(LedgerTotals ledger) {
    return "ledger "
        + ledger.granted()
        + " granted = "
        + ledger.leased()
        + " leased + "
        + ledger.recorded()
        + " recorded + "
        + ledger.batched()
        + " batched + "
        + ledger.consumed()
        + " consumed + "
        + ledger.droppedTotal()
        + " dropped";
  }

  /** The latest, as many as fit. */
  private String samples(RunView view, int width) {
    String text = "";
    for (RunView.Sample sample : view.samples().stream().limit(SAMPLES).toList()) {
      String longer = (text.isEmpty() ? "latest " : text + "   ") + sample(console, sample);
      if (!text.isEmpty() && Wrap.visible(longer) > width) {
        break;
      }
      text = longer;
    }
    return text;
  }

  static String sample(Console console, RunView.Sample sample) {
    String mark = sample.right() ? console.good("✓") : console.bad("✗");
    String answer = sample.answer().isEmpty() ? "(nothing)" : sample.answer();
    String wanted =
        sample.right() || sample.expected().isEmpty() ? "" : ", not " + sample.expected();
    return sample.prompt() + console.bold(visible(answer)) + " " + mark + wanted;
  }

  /** Line ends would break the block. */
  private static String visible(String text) {
    return text.replace("\n", "↵").replace("\r", "␍").replace("\t", "→");
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.3f", number);
  }
}
