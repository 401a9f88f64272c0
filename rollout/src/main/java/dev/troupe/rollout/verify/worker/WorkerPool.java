package dev.troupe.rollout.verify.worker;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * Processes of one program that judges.
 *
 * <pre>
 * a score                  → Scored
 * what isn't a score       → Invalid, saying what it was
 * throws                   → Crashed, with what the process printed last
 * ends its process         → Crashed, with what it printed last
 * hangs                    → TimedOut; its process is ended
 * ends one after the other → Crashed, at once: it is broken
 * </pre>
 *
 * <p>What was asked together with an answer that ends or hangs its process is judged again, by
 * another one.
 */
public final class WorkerPool implements AutoCloseable {
  /** Alone, an answer's time is minded by whoever asks, who interrupts. */
  private static final Duration ALONE_MAX = Duration.ofHours(1);

  private final Program program;
  private final int batch;

  /** Those that are free, the last one used first. */
  private final BlockingDeque<Worker> free = new LinkedBlockingDeque<>();

  /**
   * @param workers processes
   * @param batch answers that one is handed at a time
   */
  public WorkerPool(Program program, int workers, int batch) {
    this(program, workers, batch, Patience.STANDARD);
  }

  WorkerPool(Program program, int workers, int batch, Patience patience) {
    this.program = program;
    this.batch = batch;
    for (int i = 0; i < workers; i++) {
      free.add(new Worker(program, patience));
    }
  }

  /** How many answers are best judged together: more than 1, as time is minded here. */
  public int together() {
    return Math.max(2, batch);
  }

  /** The verdict on one answer, whose time is minded by whoever asks, who interrupts. */
  public Outcome judge(Attempt attempt) {
    return judgeAll(List.of(attempt), ALONE_MAX).getFirst();
  }

  /**
   * The verdicts on answers, in their order.
   *
   * @param limit for one of them
   */
  public List<Outcome> judgeAll(List<Attempt> attempts, Duration limit) {
    Worker worker;
    try {
      worker = free.takeFirst();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Collections.nCopies(
          attempts.size(), new Outcome.Crashed("interrupted while it waited for a process"));
    }
    try {
      List<Outcome> outcomes = new ArrayList<>();
      for (int at = 0; at < attempts.size(); at += batch) {
        int end = Math.min(attempts.size(), at + batch);
        outcomes.addAll(worker.judge(attempts.subList(at, end), limit));
      }
      return outcomes;
    } finally {
      free.addFirst(worker);
    }
  }

  /** Why the program can't judge, if it can't; a process of its own tries. */
  public Optional<String> trial() {
    try (Worker worker = new Worker(program, Patience.STANDARD)) {
      return worker.tryToStart();
    }
  }

  /** Ends the processes that are free; they are started again if need be. */
  @Override
  public void close() {
    List<Worker> ended = new ArrayList<>();
    free.drainTo(ended);
    ended.forEach(Worker::close);
    free.addAll(ended);
  }
}
