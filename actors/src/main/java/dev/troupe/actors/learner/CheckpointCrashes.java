package dev.troupe.actors.learner;

import dev.troupe.actors.run.CrashPoint;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import java.util.function.Consumer;

/** The places of a checkpoint where a process may die, for the hook that makes it. */
public record CheckpointCrashes(Consumer<CrashPoint> crashHook) implements CheckpointHooks {
  @Override
  public void beforeRename() {
    crashHook.accept(CrashPoint.BEFORE_CHECKPOINT_RENAME);
  }

  @Override
  public void afterRename() {
    crashHook.accept(CrashPoint.AFTER_CHECKPOINT_RENAME);
  }
}
