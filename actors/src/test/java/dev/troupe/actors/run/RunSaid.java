package dev.troupe.actors.run;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a run says to its actors. */
final class RunSaid implements RunHands, Production.Ended {
  final List<LearnerActor.Command> learner = new ArrayList<>();
  final List<ReplayActor.Command> replay = new ArrayList<>();
  final List<PolicyRegistry.Command> registry = new ArrayList<>();
  final List<RunEvent> events = new ArrayList<>();
  final List<String> waitsFor = new ArrayList<>();
  final List<Evaluations.Order> orders = new ArrayList<>();
  final List<RunStatus> statuses = new ArrayList<>();
  final List<RunSummary> ended = new ArrayList<>();
  final List<String> failures = new ArrayList<>();
  int askedForFigures;

  @Override
  public void toLearner(LearnerActor.Command command) {
    learner.add(command);
  }

  @Override
  public void toReplay(ReplayActor.Command command) {
    replay.add(command);
  }

  @Override
  public void toRegistry(PolicyRegistry.Command command) {
    registry.add(command);
  }

  @Override
  public void toMonitor(MonitorActor.Command command) {
    if (command instanceof MonitorActor.Tell(var told)) {
      events.addAll(told);
    }
    if (command instanceof MonitorActor.Seen(_, _, var words)) {
      waitsFor.add(words);
    }
  }

  @Override
  public void askForFigures() {
    askedForFigures++;
  }

  @Override
  public void evaluate(Evaluations.Order order) {
    orders.add(order);
  }

  @Override
  public Production.Ended outside() {
    return this;
  }

  @Override
  public void status(RunStatus status) {
    statuses.add(status);
  }

  @Override
  public void done(RunSummary summary) {
    ended.add(summary);
  }

  @Override
  public void failed(RunFailedException cause) {
    failures.add(String.valueOf(cause.getMessage()));
  }

  Phase phase() {
    return statuses.getLast().phase();
  }
}
