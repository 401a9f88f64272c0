package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.Place;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;

/** What this head has of a run: its actor, and what is heard of it. */
final class MadeRun {
  /** Read by the run's actor when a life of it begins. */
  final AtomicReference<List<Place>> places = new AtomicReference<>(List.of());

  final AtomicLong terms;
  Optional<ActorRef<RunActor.Command>> actor = Optional.empty();
  Optional<RunListeners.Follower> follower = Optional.empty();
  RunStatus status = RunStatus.starting();
  List<ActorProgress> actors = List.of();

  MadeRun(long firstTerm) {
    this.terms = new AtomicLong(firstTerm);
  }

  /**
   * @param cannot nodes that can't have a learner, and why
   */
  ClusterView.Run view(RunEntry run, Shortage.Words words, List<String> cannot) {
    List<Shortage> shortages = run.plan().shortages();
    boolean learner = shortages.stream().anyMatch(shortage -> shortage.role() == Role.LEARNER);
    String why = learner && !cannot.isEmpty() ? "; " + String.join("; ", cannot) : "";
    return new ClusterView.Run(
        run.name,
        run.state(),
        run.isWanted() ? words.of(shortages) + why : "",
        run.specification.runtime().share(),
        status,
        run.control().isOver() ? run.control().words() : status.detail(),
        actors);
  }
}
