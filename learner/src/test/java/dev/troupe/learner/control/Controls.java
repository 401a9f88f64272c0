package dev.troupe.learner.control;

import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.Algorithm;
import dev.troupe.protocol.run.ControlSpecification.Bootstrap;
import dev.troupe.protocol.run.ControlSpecification.Correction;
import dev.troupe.protocol.run.ControlSpecification.Layers;
import dev.troupe.protocol.run.ControlSpecification.Normalisation;
import dev.troupe.protocol.run.ControlSpecification.Objective;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import dev.troupe.protocol.run.ControlSpecification.Returns;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;
import java.util.List;

/** A specification with fields to change. */
final class Controls {
  Algorithm algorithm = Algorithm.PPO;
  double discount = 0.99;
  double lambda = 0.95;
  Bootstrap bootstrap = Bootstrap.TERMINATED_ONLY;
  double clip = 0.2;
  double valueClip;
  double entropy = 0.01;
  double targetKl;
  boolean normaliseAdvantages = true;
  int epochs = 2;
  int minibatches = 2;
  double learningRate = 0.0025;
  Schedule schedule = Schedule.CONSTANT;
  double clipNorm = 0.5;
  boolean normaliseObservations;
  boolean normaliseRewards;
  Correction correction = new Correction(1, 1, 1, 2, 0.5);
  Adjustment adjustment = Adjustment.NONE;

  ControlSpecification build() {
    return new ControlSpecification(
        algorithm,
        new Layers(List.of(8), Recurrence.NONE, 0),
        new Returns(discount, lambda, bootstrap),
        new Objective(clip, valueClip, 0.5, entropy, normaliseAdvantages, targetKl),
        epochs,
        minibatches,
        new OptimizerSpecification(learningRate, 0.9, 0.999, 1e-5, 0, 0, schedule, 0, clipNorm),
        new Normalisation(normaliseObservations, normaliseRewards, 10),
        correction,
        adjustment,
        0);
  }
}
