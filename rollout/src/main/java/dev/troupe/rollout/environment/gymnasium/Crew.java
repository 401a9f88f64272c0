package dev.troupe.rollout.environment.gymnasium;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.EnvironmentFailure.Kind;
import dev.troupe.rollout.environment.EnvironmentTroubleException;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.process.WorkerLostException;

/**
 * The lanes of one vector and the workers that play them, each a row of neighbours.
 *
 * <p>A step of the vector is one message to each worker: lanes say their actions first ({@link
 * #prepare}); the first that wants its result has all workers asked, so that they play at the same
 * time, and waits for its own. One thread at a time.
 */
final class Crew implements AutoCloseable {
  private final Worker[] workers;
  private final int each;
  private int open;

  Crew(Blueprint blueprint, int lanes) {
    int count = Math.min(blueprint.workers(), lanes);
    each = (lanes + count - 1) / count;
    workers = new Worker[(lanes + each - 1) / each];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(blueprint, Math.min(each, lanes - i * each));
    }
    open = lanes;
  }

  private Worker of(int lane) {
    return workers[lane / each];
  }

  void prepare(int lane, Action action) {
    of(lane).prepare(lane % each, action);
  }

  void reset(int lane, long seed, boolean fresh, Transition first) {
    of(lane).reset(lane % each, seed, fresh, first);
  }

  /**
   * The step that was prepared.
   *
   * @return its reward
   * @throws EnvironmentTroubleException if the lane failed, or its episode is lost
   */
  double step(int lane, Transition next) {
    for (Worker worker : workers) {
      worker.ask();
    }
    return of(lane).step(lane % each, next);
  }

  /** Whether the episode ended with its worker, and only a reset helps. */
  boolean isLost(int lane) {
    return of(lane).isLost(lane % each);
  }

  /** Whether an action of the lane waits for its step. */
  boolean isPrepared(int lane) {
    return of(lane).isPrepared(lane % each);
  }

  /** A lane's environment was closed; the workers end with the last one. */
  void leave() {
    open--;
    if (open == 0) {
      close();
    }
  }

  /** Another environment has come into the place of one that was closed. */
  void enter() {
    open++;
  }

  static EnvironmentTroubleException trouble(WorkerLostException lost) {
    return new EnvironmentTroubleException(lost.kind(), String.valueOf(lost.getMessage()));
  }

  static EnvironmentTroubleException lostEpisode() {
    return new EnvironmentTroubleException(
        Kind.WORKER_DIED, "its Python was lost at another lane's step, the episode with it");
  }

  @Override
  public void close() {
    for (Worker worker : workers) {
      worker.close();
    }
  }
}
