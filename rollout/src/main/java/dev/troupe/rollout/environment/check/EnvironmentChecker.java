package dev.troupe.rollout.environment.check;

import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.check.Finding.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Plays an environment in many ways and says which of the {@link Rule rules} it breaks.
 *
 * <p>It is played on a thread of its own, which is interrupted and left alone when a call takes
 * longer than the limit: an environment that doesn't come back can't be stopped otherwise.
 */
public final class EnvironmentChecker {
  private final ThreadFactory threads;

  public EnvironmentChecker(ThreadFactory threads) {
    this.threads = threads;
  }

  /**
   * How to look.
   *
   * @param seed of the first episode
   * @param steps of each play
   * @param limit for a call to come back
   */
  public record Settings(long seed, int steps, Duration limit) {
    /** Seed 0, 2,000 steps, ten seconds. */
    public static final Settings STANDARD = new Settings(0, 2_000, Duration.ofSeconds(10));
  }

  /** Looks at all rules. */
  public CheckReport check(EnvironmentSource source, Settings settings)
      throws InterruptedException {
    var inspection = new Inspection(source, settings.seed(), settings.steps());
    FutureTask<Map<Rule, Finding>> task =
        new FutureTask<>(
            () -> {
              inspection.run();
              return inspection.found();
            });
    Thread thread = threads.newThread(task);
    thread.start();
    try {
      while (true) {
        long calls = inspection.calls();
        try {
          return report(source, task.get(settings.limit().toMillis(), TimeUnit.MILLISECONDS), null);
        } catch (TimeoutException e) {
          if (inspection.calls() == calls) {
            return report(source, Map.of(), hung(thread, settings.limit()));
          }
        }
      }
    } catch (ExecutionException e) {
      String threw = "while it was looked at: " + e.getCause();
      return report(source, inspection.found(), new Finding(Rule.THROWS, Verdict.BAD, threw));
    }
  }

  private static Finding hung(Thread thread, Duration limit) {
    StackTraceElement[] trace = thread.getStackTrace();
    thread.interrupt();
    String at = trace.length == 0 ? "" : ", it is at [" + trace[0] + "]";
    return new Finding(
        Rule.RETURNS, Verdict.BAD, "a call didn't come back within [" + limit + "]" + at);
  }

  private static CheckReport report(
      EnvironmentSource source, Map<Rule, Finding> found, @Nullable Finding last) {
    var all = new EnumMap<Rule, Finding>(Rule.class);
    all.putAll(found);
    if (last == null) {
      all.putIfAbsent(Rule.RETURNS, new Finding(Rule.RETURNS, Verdict.GOOD, ""));
    } else {
      all.put(last.rule(), last);
    }
    var findings = new ArrayList<Finding>();
    for (Rule rule : Rule.values()) {
      findings.add(all.getOrDefault(rule, new Finding(rule, Verdict.SKIPPED, "")));
    }
    boolean made = last == null && all.containsKey(Rule.SPACES) && all.containsKey(Rule.CREATED);
    Environment shown = made ? source.create() : null;
    var report =
        new CheckReport(
            source.id(),
            shown == null ? "unknown" : shown.observationSpace().describe(),
            shown == null ? "unknown" : shown.actionSpace().describe(),
            findings);
    if (shown != null) {
      shown.close();
    }
    return report;
  }
}
