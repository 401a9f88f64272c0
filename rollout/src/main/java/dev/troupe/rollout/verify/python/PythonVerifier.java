package dev.troupe.rollout.verify.python;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A function in Python, in a pool of processes.
 *
 * <pre>
 * a number, a truth value, or these with parts → Scored
 * NaN, a text, None, too few results           → Invalid, saying what was returned
 * throws                                       → Crashed, with file, line and what it printed last
 * ends its process                             → Crashed, with what it printed last
 * hangs                                        → TimedOut; its process is ended
 * </pre>
 *
 * <p>What was asked together with an answer that ends or hangs its process is judged again, by
 * another one.
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

  /** Alone, an answer's time is minded by whoever asks, who interrupts. */
  private static final Duration ALONE_MAX = Duration.ofHours(1);

  private final PythonSettings settings;

  /** Those that are free, the last one used first. */
  private final BlockingDeque<PythonWorker> free = new LinkedBlockingDeque<>();

  /**
   * @param variables of this process, which lead to Python and go to it
   */
  PythonVerifier(PythonSettings settings, Map<String, String> variables) {
    this.settings = settings;
    for (int i = 0; i < settings.workers(); i++) {
      free.add(new PythonWorker(settings, variables));
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    return judgeAll(List.of(attempt), ALONE_MAX).getFirst();
  }

  @Override
  public int together() {
    return Math.max(2, settings.batch());
  }

  @Override
  public List<Outcome> judgeAll(List<Attempt> attempts, Duration limit) {
    PythonWorker worker;
    try {
      worker = free.takeFirst();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Collections.nCopies(
          attempts.size(), new Outcome.Crashed("interrupted while it waited for a process"));
    }
    try {
      List<Outcome> outcomes = new ArrayList<>();
      for (int at = 0; at < attempts.size(); at += settings.batch()) {
        int end = Math.min(attempts.size(), at + settings.batch());
        outcomes.addAll(worker.judge(attempts.subList(at, end), limit));
      }
      return outcomes;
    } finally {
      free.addFirst(worker);
    }
  }

  @Override
  public void check() {
    try (PythonWorker worker = new PythonWorker(settings, System.getenv())) {
      worker
          .tryToStart()
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
  }

  /** Ends the processes that are free; they are started again if need be. */
  @Override
  public void close() {
    List<PythonWorker> ended = new ArrayList<>();
    free.drainTo(ended);
    ended.forEach(PythonWorker::close);
    free.addAll(ended);
  }
}
