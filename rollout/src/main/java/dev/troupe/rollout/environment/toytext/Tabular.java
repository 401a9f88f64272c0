package dev.troupe.rollout.environment.toytext;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/** An environment that is a table. Its state is the number that it shows. */
class Tabular implements Environment {
  private final Space observations;
  private final Space actions;
  private final TransitionTable table;
  private int state;
  private double probability = 1;

  Tabular(int states, Space actions, TransitionTable table) {
    this.observations = Space.discrete(states);
    this.actions = actions;
    this.table = table;
  }

  @Override
  public final Space observationSpace() {
    return observations;
  }

  @Override
  public final Space actionSpace() {
    return actions;
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    state = table.start(random);
    probability = 1;
    first.observe(0, (float) state);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    TransitionTable.Outcome outcome = table.follow(state, action.choice(), random);
    probability = outcome.probability();
    state = changed(state, outcome.state(), random);
    next.observe(0, (float) state);
    if (outcome.terminated()) {
      next.terminate();
    }
    return outcome.reward();
  }

  /** The state that a drawn one becomes. */
  int changed(int from, int to, Pcg64 random) {
    return to;
  }

  /** Of what the last step drew. */
  final double probability() {
    return probability;
  }

  final int number() {
    return state;
  }

  @Override
  public Object state() {
    return state;
  }

  @Override
  public void restore(Object from) {
    state = (Integer) from;
  }
}
