package dev.troupe.deploy.recipe;

import dev.troupe.actors.control.EnvironmentSamplers;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import dev.troupe.protocol.run.EnvironmentSpecification.Autoreset;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;

/** What the keys of a run in environments must obey together, and with the environment. */
final class ControlCombinations {
  private final Values values;
  private final RunSpecification run;
  private final ControlRun control;

  ControlCombinations(Values values, RunSpecification run, ControlRun control) {
    this.values = values;
    this.run = run;
    this.control = control;
  }

  void check() {
    batch();
    stop();
    environment();
  }

  private void batch() {
    long rows = (long) control.environment().fragmentSteps() * run.replay().groups();
    refuseIf(
        control.control().minibatches() > rows,
        "algorithm.minibatches",
        "at most the [" + rows + "] steps of a batch",
        "environment.count x environment.steps x environment.fragments");
    boolean adjusts = control.control().adjustment().method() != AdjustmentMethod.NONE;
    refuseIf(
        adjusts && values.integer("replay.max-policy-lag", 0, 1_000_000) > 0,
        "replay.max-policy-lag",
        "0",
        "the behaviour policy is adjusted to what was collected before; adjustment.overlap = true"
            + " lets a collection begin one adjustment earlier");
    refuseIf(
        !adjusts && control.control().adjustment().overlap(),
        "adjustment.overlap",
        "false",
        "adjustment.method is none; replay.max-policy-lag lets samplers go ahead");
    refuseIf(
        adjusts && control.environment().autoreset() == Autoreset.NEXT_STEP,
        "environment.autoreset",
        "same-step",
        "rows that only reset were not sampled by the behaviour policy");
  }

  private void stop() {
    boolean endless =
        run.stop().updates() == 0
            && run.stop().trajectories() == 0
            && run.stop().wallTime().isZero()
            && run.stop().evaluationsWithoutImprovement() == 0
            && run.stop().meanReturn().isEmpty();
    refuseIf(endless, "stop.steps", "at least 1", "no other condition of stop ends the run");
    refuseIf(
        run.stop().evaluationsWithoutImprovement() > 0 && run.evaluation().every() == 0,
        "evaluation.every",
        "at least 1",
        "stop.evaluations-without-improvement needs evaluations");
    refuseIf(
        control.control().optimizer().schedule() != Schedule.CONSTANT && run.stop().updates() == 0,
        "algorithm.schedule",
        "constant",
        "a decaying schedule needs a known length: set stop.steps");
  }

  private void environment() {
    Environment environment;
    try {
      environment = EnvironmentSamplers.source(control.environment()).create();
    } catch (BadEnvironmentException e) {
      String message = String.valueOf(e.getMessage());
      boolean option = message.contains("option [");
      values.add(
          option ? Reference.OPTIONS : Kind.KEY,
          option ? "options that it has" : "an environment that there is",
          message);
      return;
    }
    observations(environment.observationSpace());
    actions(environment.actionSpace());
  }

  private void observations(Space space) {
    boolean choices =
        switch (space) {
          case Space.Box _ -> false;
          case Space.Discrete _, Space.MultiDiscrete _ -> true;
        };
    refuseIf(
        choices,
        Reference.OPTIONS,
        "one-hot = true among them",
        "observations of ["
            + control.environment().id()
            + "] are "
            + space.describe()
            + ", which tanh layers can't read as numbers");
  }

  private void actions(Space space) {
    String fitting =
        switch (space) {
          case Space.Discrete _ -> "categorical";
          case Space.MultiDiscrete _ -> "multi-categorical";
          case Space.Box _ -> "normal";
        };
    String wanted =
        values.choice(
            "policy.distribution",
            java.util.List.of("fitting", "categorical", "multi-categorical", "normal"));
    refuseIf(
        !wanted.equals("fitting") && !wanted.equals(fitting),
        "policy.distribution",
        fitting + " (or fitting)",
        "actions of [" + control.environment().id() + "] are " + space.describe());
  }

  private void refuseIf(boolean wrong, String key, String expected, String why) {
    if (wrong) {
      values.add(key, expected, why);
    }
  }
}
