package dev.troupe.actors.cluster;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunListener;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.protocol.run.RunSpecification;

/** Makes who follows a run whose singletons begin to live in this process. */
public interface RunListeners {

  /** Follows one run here, until it ends or its singletons go elsewhere. */
  interface Follower extends RunListener, AutoCloseable {
    /** The run is over, as {@code summary} says. */
    void ended(RunSummary summary);

    /** Nothing more comes. */
    @Override
    void close();
  }

  /**
   * @param resumed whether the run directory held the run before
   */
  Follower follow(RunSpecification specification, RunDirectory directory, boolean resumed);
}
