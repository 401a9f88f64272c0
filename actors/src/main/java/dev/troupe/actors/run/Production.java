package dev.troupe.actors.run;

import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.rollout.verify.Verifiers;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Everything that a run's singletons are made of.
 *
 * @param name of the run in the cluster
 * @param terms counts the lives of the run's actor
 * @param token left in the run directory, for the learner's node to find; empty = none
 * @param places the nodes that take part when a life begins
 */
public record Production(
    String name,
    RunSpecification specification,
    RunDirectory directory,
    TroupeOptions options,
    String owner,
    String machine,
    LongFunction<Task> tasks,
    List<Task> heldOut,
    VerifierRef verifier,
    Milestones milestones,
    AtomicLong terms,
    String token,
    Supplier<List<Place>> places,
    Ended ended) {
  public Production {
    heldOut = List.copyOf(heldOut);
  }

  /**
   * What the recipe means, read from the run directory. Blocks.
   *
   * @throws IllegalArgumentException if its tasks or its verifier can't be used
   */
  public static Production of(
      String name,
      RunSpecification specification,
      RunDirectory directory,
      TroupeOptions options,
      String owner,
      AtomicLong terms,
      String token,
      Supplier<List<Place>> places,
      Ended ended) {
    directory.create();
    RunTasks tasks =
        RunTasks.of(
            specification,
            TorchEngines.files(specification, directory),
            () -> Verifiers.ref(specification.reward()));
    return new Production(
        name,
        specification,
        directory,
        options,
        owner,
        Troupe.machine(),
        tasks.training(),
        tasks.evaluation(),
        tasks.verifier(),
        Milestones.open(directory),
        terms,
        token,
        places,
        ended);
  }

  /** Hears how the run stands and how it ends. */
  public interface Ended {
    void status(RunStatus status);

    /** What each actor does. */
    default void actors(List<ActorProgress> actors) {}

    void done(RunSummary summary);

    void failed(RunFailedException cause);
  }

  /** The recipe's verifier, and all that it is made from. */
  VerifierVersion recipesVerifier() {
    return new VerifierVersion(verifier, specification.reward().settings());
  }

  ReplayActor.Surroundings replaySurroundings(
      ActorRef<RunActor.Command> run, ActorRef<MonitorActor.Command> monitor) {
    return new ReplayActor.Surroundings(
        specification, directory, options, tasks, verifier, owner, machine, run, monitor);
  }
}
