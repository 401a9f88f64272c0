package dev.troupe.actors.control;

import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;

/** The network that fits a run's environment. */
public final class ControlNetworks {
  private ControlNetworks() {}

  /** Makes an environment to see what it gives and takes. */
  public static ControlNetwork of(ControlRun run) {
    Environment environment = EnvironmentSamplers.source(run.environment()).create();
    return of(run, environment.observationSpace(), environment.actionSpace());
  }

  static ControlNetwork of(ControlRun run, Space observations, Space actions) {
    return ControlNetwork.of(
        ControlShape.of(
            observations.size(),
            distribution(actions),
            run.control().layers(),
            run.control().normalisation()));
  }

  private static ActionDistribution distribution(Space actions) {
    return switch (actions) {
      case Space.Discrete discrete -> new ActionDistribution.Categorical(discrete.count());
      case Space.MultiDiscrete many -> new ActionDistribution.MultiCategorical(many.counts());
      case Space.Box box -> new ActionDistribution.Normal(box.size());
    };
  }
}
