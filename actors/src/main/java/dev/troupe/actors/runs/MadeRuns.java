package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.RunActor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** What this head has of each run, by name. */
final class MadeRuns {
  private final Map<String, MadeRun> runs = new TreeMap<>();
  private final LongSupplier firstTerm;

  /**
   * @param firstTerm of a run whose lives under this head begin
   */
  MadeRuns(LongSupplier firstTerm) {
    this.firstTerm = firstTerm;
  }

  MadeRun of(String run) {
    return runs.computeIfAbsent(run, _ -> new MadeRun(firstTerm.getAsLong()));
  }

  /** A run is made, or made again: nothing of an earlier one is shown any more. */
  void created(String run) {
    MadeRun before = runs.get(run);
    runs.put(run, new MadeRun(before == null ? firstTerm.getAsLong() : before.terms.get() + 1));
  }

  /** The term of a run's newest life. */
  long term(String run) {
    MadeRun known = runs.get(run);
    return known == null ? firstTerm.getAsLong() : known.terms.get();
  }

  /** The actor of a run that is active here. */
  Optional<ActorRef<RunActor.Command>> actor(String run) {
    return Optional.ofNullable(runs.get(run)).flatMap(known -> known.actor);
  }

  /** The run whose actor {@code ref} is. */
  Optional<String> find(ActorRef<?> ref) {
    return runs.entrySet().stream()
        .filter(
            run ->
                run.getValue().actor.filter(actor -> actor.path().equals(ref.path())).isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  void closeFollowers() {
    runs.values().forEach(run -> run.follower.ifPresent(RunListeners.Follower::close));
  }
}
