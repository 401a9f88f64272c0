package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.util.List;

/**
 * Reinforcement learning on environments: which algorithm, and what it takes.
 *
 * <p>π_θ is the policy being learned, π_old its value when the update began, μ the policy that
 * acted, ρ = π_old/μ.
 *
 * @param epochs passes over a batch within its update
 * @param minibatches optimizer steps a pass
 * @param optimizer its decaying schedules count updates, not optimizer steps
 * @param nonFiniteBudget updates with a non-finite loss or gradient before the run stops
 */
public record ControlSpecification(
    Algorithm algorithm,
    Layers layers,
    Returns returns,
    Objective objective,
    int epochs,
    int minibatches,
    OptimizerSpecification optimizer,
    Normalisation normalisation,
    Correction correction,
    Adjustment adjustment,
    int nonFiniteBudget) {
  public ControlSpecification {
    Check.atLeast("epochs", 1, epochs);
    Check.atLeast("minibatches", 1, minibatches);
    Check.atLeast("nonFiniteBudget", 0, nonFiniteBudget);
    boolean corrects =
        switch (algorithm) {
          case PPO, A2C -> false;
          case VTRACE, APPO, IMPACT -> true;
        };
    Check.that(
        adjustment.method() == AdjustmentMethod.NONE || !corrects,
        "adjustment",
        "NONE with "
            + algorithm
            + ", which corrects against the behaviour policy: an adjusted one must not be corrected"
            + " for",
        adjustment.method());
    Check.that(
        adjustment.method() == AdjustmentMethod.NONE || layers.recurrence() == Recurrence.NONE,
        "recurrence",
        "NONE where the behaviour policy is adjusted",
        layers.recurrence());
  }

  /** What an update does. */
  public enum Algorithm {
    /** Proximal policy optimization: the clipped ratio π_θ/π_old on GAE. */
    PPO,
    /** Advantage actor-critic: the policy gradient on GAE. */
    A2C,
    /** IMPALA: the policy gradient on V-trace. */
    VTRACE,
    /** PPO's clip on V-trace's advantages. */
    APPO,
    /** PPO's clip with the ratio against a target network, on V-trace's errors. */
    IMPACT
  }

  /**
   * Tanh layers of the policy and, apart, of its critic.
   *
   * @param hidden their widths
   * @param recurrence a cell in front of them, which both share
   * @param recurrentWidth of that cell; 0 without one
   */
  public record Layers(List<Integer> hidden, Recurrence recurrence, int recurrentWidth) {
    public Layers {
      hidden = List.copyOf(hidden);
      Check.that(
          hidden.stream().allMatch(width -> width > 0), "hidden", "widths of at least 1", hidden);
      boolean plain = recurrence == Recurrence.NONE;
      Check.that(
          plain ? recurrentWidth == 0 : recurrentWidth > 0,
          "recurrentWidth",
          plain ? "0 without recurrence" : "at least 1 with " + recurrence,
          recurrentWidth);
    }
  }

  /** What a policy remembers by. */
  public enum Recurrence {
    NONE,
    LSTM,
    GRU
  }

  /**
   * From rewards to advantages and value targets.
   *
   * @param discount γ
   * @param lambda λ of GAE and of V-trace
   */
  public record Returns(double discount, double lambda, Bootstrap bootstrap) {
    public Returns {
      Check.within("discount", 0, 1, discount);
      Check.within("lambda", 0, 1, lambda);
    }
  }

  /** What follows the last step of an episode that was cut short by its time limit. */
  public enum Bootstrap {
    /** The value of the final observation: only termination is an end. */
    TERMINATED_ONLY,
    /** Nothing, as if it had terminated. */
    NEVER_AFTER_DONE
  }

  /**
   * The loss of a minibatch.
   *
   * @param clip ε of the ratio
   * @param valueClip range of a value around what it was; 0 = off
   * @param valueCoefficient of the value loss
   * @param entropyCoefficient of the bonus
   * @param normaliseAdvantages to mean 0 and standard deviation 1 within each minibatch
   * @param targetKl of π_old and π_θ, estimator k3, above which an update takes no more steps; 0 =
   *     off
   */
  public record Objective(
      double clip,
      double valueClip,
      double valueCoefficient,
      double entropyCoefficient,
      boolean normaliseAdvantages,
      double targetKl) {
    public Objective {
      Check.positive("clip", clip);
      Check.notNegative("valueClip", valueClip);
      Check.notNegative("valueCoefficient", valueCoefficient);
      Check.notNegative("entropyCoefficient", entropyCoefficient);
      Check.notNegative("targetKl", targetKl);
    }
  }

  /**
   * Running normalisation.
   *
   * @param observations to mean 0 and variance 1
   * @param rewards by the standard deviation of the discounted return
   * @param clip largest magnitude afterwards, of both
   */
  public record Normalisation(boolean observations, boolean rewards, double clip) {
    public Normalisation {
      Check.positive("clip", clip);
    }
  }

  /**
   * Against what the behaviour policy did otherwise: V-trace, APPO and IMPACT.
   *
   * @param rhoCap ρ̄ of the temporal differences
   * @param traceCap c̄ of the traces
   * @param advantageCap ρ̄ of the policy gradient
   * @param targetUpdates updates between two copies of the policy to IMPACT's target network
   * @param targetShare β: IMPACT's ratio has at least β·μ below the line
   */
  public record Correction(
      double rhoCap, double traceCap, double advantageCap, int targetUpdates, double targetShare) {
    public Correction {
      Check.positive("rhoCap", rhoCap);
      Check.positive("traceCap", traceCap);
      Check.positive("advantageCap", advantageCap);
      Check.atLeast("targetUpdates", 1, targetUpdates);
      Check.notNegative("targetShare", targetShare);
    }
  }

  /** How the behaviour policy is made from the policy being learned. */
  public enum AdjustmentMethod {
    /** It is the same. */
    NONE,
    /** One step away from what was collected. */
    ROS,
    /** Several clipped steps away from what was collected. */
    PROPS
  }

  /**
   * Sampling by an adjusted behaviour policy, and the buffer that it makes up for. Every batch is
   * one collection of m steps; the policy is updated after n = m · collections steps, on the last b
   * times n. Buffer and collections count for {@link AdjustmentMethod#NONE} as well: PPO with the
   * same buffer.
   *
   * @param collections an update takes
   * @param buffer b, in updates
   * @param learningRate of the adjustment's Adam; α of ROS
   * @param epochs E, of the adjustment
   * @param minibatches of the adjustment
   * @param clip ε of the adjustment
   * @param klCoefficient λ
   * @param targetKl δ, above which an adjustment takes no more steps
   * @param clipNorm of the adjustment's gradient; 0 = no clipping
   * @param overlap whether a collection begins with the policy that was adjusted before the last
   *     one came in, instead of waiting for the newest
   */
  public record Adjustment(
      AdjustmentMethod method,
      int collections,
      int buffer,
      double learningRate,
      int epochs,
      int minibatches,
      double clip,
      double klCoefficient,
      double targetKl,
      double clipNorm,
      boolean overlap) {
    /** No adjustment and no buffer. */
    public static final Adjustment NONE =
        new Adjustment(AdjustmentMethod.NONE, 1, 1, 0, 0, 1, 0.3, 0, 0, 0, false);

    public Adjustment {
      Check.atLeast("collections", 1, collections);
      Check.atLeast("buffer", 1, buffer);
      Check.notNegative("learningRate", learningRate);
      Check.atLeast("epochs", 0, epochs);
      Check.atLeast("minibatches", 1, minibatches);
      Check.positive("clip", clip);
      Check.notNegative("klCoefficient", klCoefficient);
      Check.notNegative("targetKl", targetKl);
      Check.notNegative("clipNorm", clipNorm);
    }

    /** Collections that come in before one that is sampled with a new policy is complete. */
    public int collectionsUntilSampled() {
      return overlap ? 2 : 1;
    }
  }
}
