package dev.troupe.learner.checkpoint;

/** Called at the moments of a checkpoint's birth where a crash is worth trying. */
public interface CheckpointHooks {
  /** Nothing happens. */
  CheckpointHooks NONE =
      new CheckpointHooks() {
        @Override
        public void beforeRename() {}

        @Override
        public void afterRename() {}
      };

  /** Every file is written and synced under the temporary name. */
  void beforeRename();

  /** The checkpoint has its name; the parent directory is synced. */
  void afterRename();
}
