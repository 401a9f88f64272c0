package dev.troupe.actors.replay;

import dev.troupe.actors.ledger.Apart;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people, the monitor and the run hear of the books. */
final class ReplayNews {
  private final ReplayActor.Surroundings with;
  private final Replay replay;
  private @Nullable Task lastTask;
  private long lastGroup;
  private LedgerTotals told;
  private RunActor.@Nullable VerifiersAre judging;
  private RunEvent.@Nullable EpisodesResumed episodesTold;

  ReplayNews(ReplayActor.Surroundings with, Replay replay) {
    this.with = with;
    this.replay = replay;
    this.told = totals();
  }

  /** What was found when the books were opened. */
  void opened() {
    List<Committed> commits = replay.ledger().commits();
    with.run()
        .tell(
            new RunActor.ReplayReady(
                told,
                replay.ledger().committedBatch(),
                commits.isEmpty() ? Optional.empty() : Optional.of(commits.getLast().checkpoint()),
                replay.ledger().skippedUpdates()));
    verifiers();
  }

  /** Who judges, where that has changed. */
  void verifiers() {
    RunActor.VerifiersAre now =
        new RunActor.VerifiersAre(replay.verifiersAtWork(), replay.ledger().verifiers());
    if (!now.equals(judging)) {
      judging = now;
      with.run().tell(now);
    }
  }

  /** Judged trajectories came in. */
  void judged(List<JudgedTrajectory> offered) {
    List<RunEvent> heard = new ArrayList<>(offered.size());
    for (JudgedTrajectory judged : offered) {
      heard.add(new RunEvent.SampleJudged(task(judged.trajectory().id().group()), judged));
    }
    with.monitor().tell(new MonitorActor.Tell(heard));
  }

  /** Drops among what was decided. */
  void dropped(List<LedgerEvent> events) {
    List<RunEvent> dropped = new ArrayList<>();
    for (LedgerEvent event : events) {
      if (event instanceof LedgerEvent.Dropped(var id, var reason, var detail, _)) {
        String difficulty = task(id.group()).difficulty();
        dropped.add(new RunEvent.TrajectoryDropped(reason, detail, difficulty));
      }
    }
    if (!dropped.isEmpty()) {
      with.monitor().tell(new MonitorActor.Tell(dropped));
    }
  }

  /** How the account stands, where that has changed. */
  void counts() {
    LedgerTotals totals = totals();
    if (!totals.equals(told)) {
      told = totals;
      with.run().tell(new RunActor.Counted(totals, replay.ledger().skippedUpdates()));
    }
  }

  /** How many episodes of before the books were opened go on, where that has changed. */
  void episodes(int found, int resumed) {
    var now = new RunEvent.EpisodesResumed(found, resumed);
    if (found > 0 && !now.equals(episodesTold)) {
      episodesTold = now;
      with.monitor().tell(new MonitorActor.Tell(now));
    }
  }

  /** The journal is closed. */
  void closed() {
    with.run().tell(new RunActor.ReplayClosed(totals(), replay.ledger().skippedUpdates()));
  }

  /** Members of a group come one after the other; making their task takes some work. */
  private Task task(long group) {
    Task known = lastTask;
    if (known == null || lastGroup != group) {
      known = with.tasks().apply(group);
      lastTask = known;
      lastGroup = group;
    }
    return known;
  }

  private LedgerTotals totals() {
    Apart apart = replay.apart();
    return LedgerTotals.of(
        replay.ledger().counts(),
        apart.duplicates() + apart.superseded() + apart.unwanted() + apart.unknown());
  }
}
