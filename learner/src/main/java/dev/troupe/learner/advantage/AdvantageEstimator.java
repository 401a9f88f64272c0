package dev.troupe.learner.advantage;

import dev.troupe.protocol.run.LearnerSpecification;

/** Turns the scores of a whole batch into one advantage a token. */
public interface AdvantageEstimator {

  /**
   * Advantages of every token.
   *
   * @param scores B sequences of T_i tokens
   * @return [B][T_i]; 0 where a token is not trained
   */
  double[][] advantages(Scores scores);

  /** The estimator that a recipe names. */
  static AdvantageEstimator of(LearnerSpecification specification) {
    return switch (specification.advantage()) {
      case GRPO -> new Grpo();
      case DR_GRPO -> new DrGrpo();
      case RLOO -> new Rloo();
      case REINFORCE_PP -> new ReinforcePlusPlus(specification.discount());
      case REINFORCE_PP_BASELINE -> new ReinforcePlusPlusBaseline();
    };
  }
}
