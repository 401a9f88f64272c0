package dev.troupe.actors.run;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;

/** Says to a run's actors what {@link RunDecisions} decides. */
interface RunHands {
  /** Nobody hears it while there is no learner. */
  void toLearner(LearnerActor.Command command);

  void toReplay(ReplayActor.Command command);

  void toRegistry(PolicyRegistry.Command command);

  void toMonitor(MonitorActor.Command command);

  /** Comes back as {@link RunDecisions#figures}. */
  void askForFigures();

  /** Comes back as {@link RunDecisions#evaluationPartDone} or {@code evaluationImpossible}. */
  void evaluate(Evaluations.Order order);

  /** Whoever began the run hears how it stands and how it ends. */
  Production.Ended outside();
}
