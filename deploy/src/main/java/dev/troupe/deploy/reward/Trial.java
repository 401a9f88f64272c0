package dev.troupe.deploy.reward;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.VerifierRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/** Runs a verifier over answers, one after the other, on a thread that may hang. */
public final class Trial {
  private Trial() {}

  /**
   * What a verifier said of an answer.
   *
   * @param nanos that it took, handing it to another thread included
   */
  public record Verdict(Outcome outcome, long nanos) {}

  /**
   * All verdicts, in order.
   *
   * @param limit for one of them
   */
  public static List<Verdict> run(
      Verifier verifier, List<TrialRow> rows, Duration limit, LongSupplier nanos) {
    ThreadFactory threads = Thread.ofPlatform().daemon().name("trial-", 0).factory();
    RewardSpecification specification =
        new RewardSpecification(
            verifier.ref().name(),
            verifier.ref().version(),
            limit,
            1,
            1,
            1,
            1,
            RewardSpecification.OnFailedMember.DROP_GROUP,
            0,
            0,
            Duration.ZERO);
    List<Verdict> verdicts = new ArrayList<>();
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(threads);
        VerifierRunner runner =
            new VerifierRunner(verifier, specification, rows.size(), threads, Timer.on(clock))) {
      for (TrialRow row : rows) {
        long began = nanos.getAsLong();
        Outcome outcome = runner.verify(row.task(), row.trajectory()).toCompletableFuture().join();
        verdicts.add(new Verdict(outcome, nanos.getAsLong() - began));
      }
    }
    return List.copyOf(verdicts);
  }
}
