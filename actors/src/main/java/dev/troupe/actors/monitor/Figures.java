package dev.troupe.actors.monitor;

import dev.troupe.actors.run.RunEvent.Rates;
import dev.troupe.actors.run.RunFigures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How fast and how busy both sides are. Each thread reports counters with the time on its own
 * clock; rates and shares are differences of one thread's own reports, so clocks of different
 * machines are never compared.
 */
final class Figures {
  private static final long WINDOW_NANOS = 3_000_000_000L;
  private static final int REPORTS_MAX = 1_000;

  private static final Report NOTHING = new Report(0, 0, 0);

  private record Report(long atNanos, long idleNanos, long tokens) {
    Report plus(Report other) {
      return new Report(
          atNanos + other.atNanos, idleNanos + other.idleNanos, tokens + other.tokens);
    }

    Report since(Report earlier) {
      return new Report(
          atNanos - earlier.atNanos, idleNanos - earlier.idleNanos, tokens - earlier.tokens);
    }
  }

  /** The reports of one thread that matter. */
  private static final class Reporter {
    private @Nullable Report begin;
    private @Nullable Report last;

    /** What earlier threads of that name did since the count began. */
    private Report before = NOTHING;

    /** From the newest report that is at least a window old up to the last one. */
    private final Deque<Report> recent = new ArrayDeque<>();

    /** A count that falls is that of another thread, with a clock of its own. */
    void report(Report report) {
      if (last != null && report.tokens() < last.tokens()) {
        before = total();
        begin = null;
        recent.clear();
      } else if (last != null && report.atNanos() < last.atNanos()) {
        return;
      }
      last = report;
      begin = begin == null ? report : begin;
      recent.addLast(report);
      prune();
    }

    void begin() {
      before = NOTHING;
      begin = last;
      recent.clear();
      if (last != null) {
        recent.add(last);
      }
    }

    /** It reports no more: what it did stays, and it has no pace any more. */
    void end() {
      recent.clear();
    }

    /** Since the count began: how long, how long of it idle, and tokens. */
    Report total() {
      return begin == null || last == null ? before : before.plus(last.since(begin));
    }

    @Nullable Report windowBegin() {
      return recent.peekFirst();
    }

    private void prune() {
      Report newest = recent.getLast();
      while (recent.size() > REPORTS_MAX) {
        recent.removeFirst();
      }
      Report first = recent.removeFirst();
      while (!recent.isEmpty() && newest.atNanos() - recent.getFirst().atNanos() >= WINDOW_NANOS) {
        first = recent.removeFirst();
      }
      recent.addFirst(first);
    }
  }

  private static final class Sum {
    private double tokensPerSecond;
    private double idleShares;
    private int reporters;

    void add(@Nullable Report from, @Nullable Report to) {
      if (from != null && to != null && to.atNanos() > from.atNanos()) {
        double nanos = to.atNanos() - from.atNanos();
        tokensPerSecond += (to.tokens() - from.tokens()) * 1e9 / nanos;
        idleShares += Math.min(1, (to.idleNanos() - from.idleNanos()) / nanos);
        reporters++;
      }
    }

    double idleShare() {
      return reporters == 0 ? 0 : idleShares / reporters;
    }
  }

  private final Map<String, Reporter> samplers = new HashMap<>();
  private final Reporter learner = new Reporter();
  private boolean begun;
  private long trajectories;
  private long lagSum;

  void sampler(String name, long atNanos, long idleNanos, long tokens) {
    samplers
        .computeIfAbsent(name, _ -> new Reporter())
        .report(new Report(atNanos, idleNanos, tokens));
  }

  void learner(long atNanos, long idleNanos, long tokens) {
    learner.report(new Report(atNanos, idleNanos, tokens));
  }

  /** These samplers ended. */
  void gone(Set<String> names) {
    samplers.forEach(
        (name, reporter) -> {
          if (names.contains(name)) {
            reporter.end();
          }
        });
  }

  /**
   * From here on everything counts; said again, where a learner begins anew, it changes nothing.
   */
  void begin() {
    if (begun) {
      return;
    }
    begun = true;
    samplers.values().forEach(Reporter::begin);
    learner.begin();
  }

  void update(long batchTrajectories, long batchLagSum) {
    trajectories += batchTrajectories;
    lagSum += batchLagSum;
  }

  /** Over the last few seconds: reports may come in bursts, whose own distance says nothing. */
  Rates recent() {
    Sum sampling = new Sum();
    samplers.values().forEach(reporter -> sampling.add(reporter.windowBegin(), reporter.last));
    Sum learning = new Sum();
    learning.add(learner.windowBegin(), learner.last);
    return rates(sampling, learning);
  }

  /** Tokens a second of {@code sampler} over the last few seconds. */
  double tokensPerSecond(String sampler) {
    Sum sum = new Sum();
    Reporter reporter = samplers.get(sampler);
    if (reporter != null) {
      sum.add(reporter.windowBegin(), reporter.last);
    }
    return sum.tokensPerSecond;
  }

  /** Since reinforcement learning began. */
  RunFigures total() {
    if (!begun) {
      return RunFigures.none();
    }
    Report sampling = samplers.values().stream().map(Reporter::total).reduce(NOTHING, Report::plus);
    Report learning = learner.total();
    return new RunFigures(
        seconds(learning.atNanos()),
        sampling.tokens(),
        seconds(sampling.atNanos()),
        seconds(sampling.idleNanos()),
        learning.tokens(),
        seconds(learning.idleNanos()),
        trajectories,
        lagSum);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static Rates rates(Sum sampling, Sum learning) {
    return new Rates(
        sampling.tokensPerSecond,
        learning.tokensPerSecond,
        sampling.idleShare(),
        learning.idleShare());
  }
}
