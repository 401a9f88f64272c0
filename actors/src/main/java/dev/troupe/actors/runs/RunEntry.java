package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.Place;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.protocol.run.RunSpecification;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;

/** A run, as the runs' actor knows it. */
final class RunEntry {
  final String name;
  final RunSpecification specification;

  /** Read by the run's actor when a life of it begins. */
  final AtomicReference<List<Place>> places = new AtomicReference<>(List.of());

  final AtomicLong terms;
  Control control;

  /** Whether the disk says something else yet. */
  boolean controlUnwritten;

  Placement.Plan plan = Placement.Plan.NOTHING;
  boolean starting;
  Optional<ActorRef<RunActor.Command>> actor = Optional.empty();
  Optional<RunListeners.Follower> follower = Optional.empty();
  RunStatus status = RunStatus.starting();
  List<ActorProgress> actors = List.of();

  RunEntry(String name, RunSpecification specification, Control control, long firstTerm) {
    this.name = name;
    this.specification = specification;
    this.control = control;
    this.terms = new AtomicLong(firstTerm);
  }

  boolean isActive() {
    return starting || actor.isPresent();
  }

  /** Whether it is to be made, now or when there is room. */
  boolean isWanted() {
    return !control.isOver();
  }

  void toActor(RunActor.Command command) {
    actor.ifPresent(ref -> ref.tell(command));
  }

  ClusterView.RunState state() {
    return switch (control.outcome()) {
      case DONE -> ClusterView.RunState.DONE;
      case STOPPED -> ClusterView.RunState.STOPPED;
      case FAILED -> ClusterView.RunState.FAILED;
      case NONE -> isActive() ? ClusterView.RunState.ACTIVE : ClusterView.RunState.QUEUED;
    };
  }

  ClusterView.Run view() {
    return new ClusterView.Run(
        name,
        state(),
        isWanted() ? plan.waitsFor() : "",
        specification.runtime().share(),
        status,
        control.isOver() ? control.words() : status.detail(),
        actors);
  }
}
