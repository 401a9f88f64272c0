package dev.troupe.learner;

import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.LearnerSpecification.Advantage;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import dev.troupe.protocol.run.LearnerSpecification.Compute;
import dev.troupe.protocol.run.LearnerSpecification.Importance;
import dev.troupe.protocol.run.LearnerSpecification.Kl;
import dev.troupe.protocol.run.LearnerSpecification.OldPolicy;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;

/** A learner's specification that tests change one number of at a time. */
public final class Specifications {
  public Advantage advantage = Advantage.GRPO;
  public String loss = "ppo-clip";
  public double clipLow = 0.2;
  public double clipHigh = 0.2;
  public double dualClip;
  public OldPolicy oldPolicy = OldPolicy.RECOMPUTED;
  public Importance importance = Importance.NONE;
  public double importanceCap = 2;
  public Kl kl = Kl.NONE;
  public double klCoefficient;
  public double entropyCoefficient;
  public Aggregation aggregation = Aggregation.TOKEN_MEAN;
  public int constantLength = 16;
  public int epochs = 1;
  public int minibatches = 1;
  public int microBatch = 8;
  public Compute compute = Compute.FLOAT32;
  public int nonFiniteBudget = 2;
  public OptimizerSpecification optimizer =
      new OptimizerSpecification(1e-2, 0.9, 0.95, 1e-8, 0, 0, Schedule.CONSTANT, 0, 1);

  public LearnerSpecification learner() {
    return new LearnerSpecification(
        advantage,
        1,
        loss,
        clipLow,
        clipHigh,
        dualClip,
        oldPolicy,
        importance,
        importanceCap,
        kl,
        klCoefficient,
        entropyCoefficient,
        aggregation,
        constantLength,
        epochs,
        minibatches,
        microBatch,
        compute,
        nonFiniteBudget,
        optimizer);
  }
}
