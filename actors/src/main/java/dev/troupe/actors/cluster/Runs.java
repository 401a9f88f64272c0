package dev.troupe.actors.cluster;

import dev.troupe.actors.run.RewardOrder;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** What people ask of the cluster's runs and nodes; answered by the active head. */
public interface Runs {
  /** Where the files of submissions lie, by their SHA-256 in hexadecimal. */
  Path files();

  /** Holds the directories of runs, by their names. */
  Path home();

  CompletionStage<ClusterView> view();

  CompletionStage<Answer> submit(Submission submission);

  /** Begins nothing new in {@code run} until it goes on. */
  CompletionStage<Answer> pause(String run);

  CompletionStage<Answer> goOn(String run);

  /** Changes who judges in {@code run}; answered once its journal holds it. */
  CompletionStage<Answer> reward(String run, RewardOrder order);

  /** Finishes what is under way in {@code run}, makes a checkpoint, and ends it resumable. */
  CompletionStage<Answer> stop(String run);

  /**
   * Has {@code node} finish what it holds, take no more and leave.
   *
   * @param now whether it gives its leases back instead of finishing
   */
  CompletionStage<Answer> drain(String node, boolean now);

  /** The last lines of the log of {@code node}. */
  CompletionStage<Answer> log(String node, int lines);
}
