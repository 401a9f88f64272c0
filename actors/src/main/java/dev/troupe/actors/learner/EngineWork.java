package dev.troupe.actors.learner;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All that is done with the learner's engine, on the one thread that owns it and in the order in
 * which it was asked for. What comes of it is a command for the learner.
 */
final class EngineWork {
  private final LearnerSurroundings with;
  private final EngineThread thread;
  private final AtomicReference<@Nullable LearnerEngine> engine = new AtomicReference<>();

  /** Begins with what doesn't depend on where the run stands. */
  EngineWork(LearnerSurroundings with) {
    this.with = with;
    this.thread = new EngineThread(with.engines().threads(), with.nanos());
    thread.submit(
        () -> {
          with.engines().prepare();
          return true;
        });
  }

  /** Claims a life after {@code newest} and opens it. */
  CompletionStage<LearnerActor.Opened> open(int newest, Optional<CheckpointRef> checkpoint) {
    return thread.submit(
        () -> {
          int begins = with.engines().claim(newest);
          LearnerEngine opened = with.engines().open(begins, checkpoint);
          engine.set(opened);
          return new LearnerActor.Opened(begins, with.engines().processor(), opened.standing());
        });
  }

  CompletionStage<LearnerActor.SupervisedDone> pretrain() {
    return thread.submit(
        () -> {
          long began = with.nanos().getAsLong();
          LearnerEngine.Step step = engine().pretrain();
          return new LearnerActor.SupervisedDone(step, engine().standing(), secondsSince(began));
        });
  }

  CompletionStage<LearnerActor.SnapshotTaken> snapshot() {
    return thread.submit(() -> new LearnerActor.SnapshotTaken(shelve(), engine().trace()));
  }

  /** An update, whose version is on the shelf then, beside what is to {@code evaluate}. */
  CompletionStage<LearnerActor.UpdateDone> update(Batch batch, boolean evaluate) {
    return thread.submit(
        () -> {
          long began = with.nanos().getAsLong();
          LearnerEngine.Step step = engine().update(batch);
          with.crashHook().accept(CrashPoint.AFTER_UPDATE);
          PolicyVersion version = shelve();
          Optional<PolicyVersion> learned =
              evaluate ? Optional.of(shelveLearned()) : Optional.empty();
          return new LearnerActor.UpdateDone(
              batch,
              step,
              engine().standing(),
              version,
              learned,
              engine().trace(),
              secondsSince(began));
        });
  }

  CompletionStage<LearnerActor.LearnedTaken> learned() {
    return thread.submit(() -> new LearnerActor.LearnedTaken(shelveLearned()));
  }

  /** Puts the weights where samplers find them. */
  private PolicyVersion shelve() {
    Policy policy = engine().snapshot();
    PolicyVersion version = policy.version();
    with.shelf().put(policy);
    return version;
  }

  /** The same for what is evaluated, which stays until that has ended. */
  private PolicyVersion shelveLearned() {
    Policy policy = engine().learned();
    PolicyVersion version = policy.version();
    with.shelf().keep(version);
    with.shelf().put(policy);
    return version;
  }

  CompletionStage<LearnerActor.Saved> save() {
    return thread.submit(
        () -> {
          LearnerEngine.Standing where = engine().standing();
          return new LearnerActor.Saved(engine().save(), where);
        });
  }

  /** Removes old checkpoints, but not those of the updates {@code also}. */
  CompletionStage<LearnerActor.Pruned> prune(CheckpointRef committed, Set<Long> also) {
    return thread.submit(
        () -> {
          engine().prune(committed, also);
          return new LearnerActor.Pruned();
        });
  }

  /** Time that the thread had nothing to do. */
  long idleNanos() {
    return thread.idleNanos();
  }

  /** Closes the engine, after what was asked for before. */
  void close() {
    thread.submit(
        () -> {
          LearnerEngine open = engine.getAndSet(null);
          if (open != null) {
            open.close();
          }
          return true;
        });
    thread.close();
  }

  private LearnerEngine engine() {
    LearnerEngine open = engine.get();
    if (open == null) {
      throw new IllegalStateException("the learner isn't open yet");
    }
    return open;
  }

  private double secondsSince(long beganNanos) {
    return (with.nanos().getAsLong() - beganNanos) / 1e9;
  }
}
