package dev.troupe.actors.node;

import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.protocol.run.RunSpecification;
import java.util.function.Supplier;

/** What a node can make for a run. */
public interface Workshop {
  SamplerEngines samplers(RunSpecification specification);

  /** A judge for each reward actor. */
  Supplier<Judge> judges(RunSpecification specification);
}
