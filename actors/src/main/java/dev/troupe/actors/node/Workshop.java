package dev.troupe.actors.node;

import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.learner.LearnerEngines;
import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a node can make for a run. */
public interface Workshop {
  /** Makes the learner of {@code run}, from and into the run directory. */
  LearnerEngines learners(String run, RunSpecification specification);

  SamplerEngines samplers(RunSpecification specification);

  /**
   * A judge for each reward actor that judges by {@code verifier}: the recipe's, or one that was
   * chosen later. One that can't be made here says so in each of its verdicts.
   */
  Supplier<Judge> judges(RunSpecification specification, VerifierVersion verifier);

  /** Which files, by SHA-256, must be here before {@code role} can do anything for {@code run}. */
  default Set<String> files(String run, RunSpecification specification, Role role) {
    return Set.of();
  }

  /**
   * Why the learner of {@code run} can't live here, empty if it can: for instance because the run
   * directory is not the one in which the head left {@code token}.
   */
  Optional<String> cannotLearn(String run, String token);
}
