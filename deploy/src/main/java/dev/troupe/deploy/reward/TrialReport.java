package dev.troupe.deploy.reward;

import dev.troupe.deploy.terminal.Figures;
import dev.troupe.deploy.terminal.Table;
import dev.troupe.deploy.watch.Samples;
import dev.troupe.protocol.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What a trial came to, in lines for people. */
public final class TrialReport {
  private static final double SAME = 1e-9;
  private static final int SCORES_MAX = 12;
  private static final int EXCERPT = 60;
  private static final Outcome NONE = new Outcome.Invalid("none");

  private final List<TrialRow> rows;
  private final List<Trial.Verdict> verdicts;

  /** {@code verdicts} are on {@code rows}, in order. */
  public TrialReport(List<TrialRow> rows, List<Trial.Verdict> verdicts) {
    this.rows = List.copyOf(rows);
    this.verdicts = List.copyOf(verdicts);
  }

  /** Verdicts that are no scores. */
  public long unscored() {
    return verdicts.stream().filter(verdict -> Samples.score(verdict.outcome()).isEmpty()).count();
  }

  /** Outcomes by what they say, means of their parts, and times. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(outcomes());
    lines.addAll(parts());
    lines.add(times());
    return lines;
  }

  private List<String> outcomes() {
    Map<String, Long> counts = new TreeMap<>();
    verdicts.forEach(verdict -> counts.merge(kind(verdict.outcome()), 1L, Long::sum));
    Table table = new Table();
    table.row("outcome", "rows", "share");
    if (counts.size() > SCORES_MAX) {
      table.row("scores", Long.toString(verdicts.size() - unscored()), share(unscored(), true));
      counts.keySet().removeIf(kind -> Character.isDigit(kind.charAt(kind.length() - 1)));
    }
    counts.forEach((kind, count) -> table.row(kind, Long.toString(count), share(count, false)));
    List<String> lines = new ArrayList<>(table.lines());
    verdicts.stream()
        .flatMapToDouble(verdict -> Samples.score(verdict.outcome()).stream())
        .average()
        .ifPresent(mean -> lines.add(String.format(Locale.ROOT, "mean score  %.4f", mean)));
    IntStream.range(0, rows.size())
        .filter(i -> Samples.score(verdicts.get(i).outcome()).isEmpty())
        .limit(3)
        .forEach(
            i -> lines.add(rows.get(i).where() + ": " + Samples.words(verdicts.get(i).outcome())));
    return lines;
  }

  private String share(long count, boolean rest) {
    long of = rest ? verdicts.size() - count : count;
    return Figures.percent((double) of / Math.max(1, verdicts.size()));
  }

  private static String kind(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Scored scored -> Samples.words(new Outcome.Scored(scored.value()));
      case Outcome.Invalid _ -> "invalid";
      case Outcome.TimedOut _ -> "timed out";
      case Outcome.Crashed _ -> "crashed";
    };
  }

  private List<String> parts() {
    Map<String, List<Double>> parts = new TreeMap<>();
    for (Trial.Verdict verdict : verdicts) {
      if (verdict.outcome() instanceof Outcome.Scored scored) {
        scored
            .parts()
            .forEach(
                part ->
                    parts.computeIfAbsent(part.name(), _ -> new ArrayList<>()).add(part.value()));
      }
    }
    if (parts.isEmpty()) {
      return List.of();
    }
    Table table = new Table();
    table.row("part", "mean");
    parts.forEach(
        (name, values) ->
            table.row(
                name,
                String.format(
                    Locale.ROOT,
                    "%.4f",
                    values.stream().mapToDouble(Double::doubleValue).average().orElse(0))));
    return table.lines();
  }

  private String times() {
    long[] nanos = verdicts.stream().mapToLong(Trial.Verdict::nanos).sorted().toArray();
    if (nanos.length == 0) {
      return "no rows";
    }
    return "time of a verdict  median %s, 99%% within %s, longest %s"
        .formatted(
            micros(nanos[nanos.length / 2]),
            micros(nanos[(int) Math.min(nanos.length - 1, nanos.length * 99L / 100)]),
            micros(nanos[nanos.length - 1]));
  }

  private static String micros(long nanos) {
    return nanos < 1_000_000
        ? String.format(Locale.ROOT, "%.0f µs", nanos / 1e3)
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }

  /** How far somebody else agrees, and the first {@code most} answers where they don't. */
  public List<String> against(String name, List<Optional<Outcome>> others, int most) {
    List<Integer> differ = new ArrayList<>();
    int compared = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (others.get(i).isPresent()) {
        compared++;
        if (!isSame(verdicts.get(i).outcome(), others.get(i).get())) {
          differ.add(i);
        }
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "agrees with %s on %d of %d rows (%s)"
            .formatted(
                name,
                compared - differ.size(),
                compared,
                Figures.percent((double) (compared - differ.size()) / Math.max(1, compared))));
    if (!differ.isEmpty() && most > 0) {
      Table table = new Table();
      table.row("  where", "this", name, "expected", "answer");
      for (int i : differ.subList(0, Math.min(most, differ.size()))) {
        var sample = Samples.of(rows.get(i).task(), rows.get(i).trajectory(), NONE);
        table.row(
            "  " + rows.get(i).where(),
            excerpt(Samples.words(verdicts.get(i).outcome())),
            excerpt(Samples.words(others.get(i).orElse(NONE))),
            excerpt(sample.expected()),
            excerpt(sample.answer()));
      }
      lines.addAll(table.lines());
    }
    return lines;
  }

  private static boolean isSame(Outcome one, Outcome other) {
    OptionalDouble score = Samples.score(one);
    OptionalDouble otherScore = Samples.score(other);
    if (score.isEmpty() || otherScore.isEmpty()) {
      return kind(one).equals(kind(other));
    }
    return Math.abs(score.getAsDouble() - otherScore.getAsDouble()) < SAME;
  }

  /** One line, its end where an answer stands. */
  private static String excerpt(String text) {
    String line = text.replace('\n', ' ');
    return line.length() <= EXCERPT ? line : "…" + line.substring(line.length() - EXCERPT + 1);
  }
}
