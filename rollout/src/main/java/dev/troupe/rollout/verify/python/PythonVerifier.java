package dev.troupe.rollout.verify.python;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.worker.WorkerPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A function in Python, in a pool of processes. NaN, a text, None and too few results are {@code
 * Invalid}, saying what was returned.
 */
public final class PythonVerifier implements Rule {
  public static final VerifierKind<PythonSettings> KIND =
      new VerifierKind<>(
          "python",
          "1",
          "what a function of yours in Python says",
          "what the function wants",
          PythonSettings.class,
          settings -> new PythonVerifier(settings, System.getenv()));

  private final PythonSettings settings;
  private final WorkerPool pool;

  /**
   * @param variables of this process, which lead to Python and go to it
   */
  PythonVerifier(PythonSettings settings, Map<String, String> variables) {
    this.settings = settings;
    this.pool =
        new WorkerPool(
            new PythonProgram(settings, variables), settings.workers(), settings.batch());
  }

  @Override
  public Outcome judge(Attempt attempt) {
    return pool.judge(attempt);
  }

  @Override
  public int together() {
    return pool.together();
  }

  @Override
  public List<Outcome> judgeAll(List<Attempt> attempts, Duration limit) {
    return pool.judgeAll(attempts, limit);
  }

  @Override
  public void check() {
    pool.trial()
        .ifPresent(
            why -> {
              throw new BadSettingsException(
                  new SettingProblem(
                      "file",
                      settings.file(),
                      "Python that defines " + settings.function() + "(task, completion)",
                      why));
            });
  }

  @Override
  public void close() {
    pool.close();
  }
}
