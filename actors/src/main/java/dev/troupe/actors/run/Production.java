package dev.troupe.actors.run;

import dev.troupe.actors.learner.LearnerEngines;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.pekko.actor.typed.ActorRef;

/** Everything that a run's actors are made of in this JVM. */
record Production(
    RunSpecification specification,
    RunDirectory directory,
    TroupeOptions options,
    LearnerEngines learners,
    String owner,
    String machine,
    PolicyShelf shelf,
    ActorRef<NodeActor.Command> node,
    LongFunction<Task> tasks,
    List<Task> heldOut,
    VerifierRef verifier,
    Milestones milestones,
    Ended ended) {
  Production {
    heldOut = List.copyOf(heldOut);
  }

  /** Hears how the run stands and how it ends. */
  interface Ended {
    void status(RunStatus status);

    void done(RunSummary summary);

    void failed(RunFailedException cause);
  }

  ReplayActor.Surroundings replaySurroundings(
      ActorRef<RunActor.Command> run, ActorRef<MonitorActor.Command> monitor) {
    return new ReplayActor.Surroundings(
        specification, directory, options, tasks, verifier, owner, machine, run, monitor);
  }
}
