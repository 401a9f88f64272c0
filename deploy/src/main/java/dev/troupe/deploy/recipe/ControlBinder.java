package dev.troupe.deploy.recipe;

import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import java.time.Duration;
import java.util.Optional;

/** Turns the keys of a run in environments into its specification; {@link Binder}'s other half. */
final class ControlBinder {
  private static final int MANY = 1 << 30;

  private final Values values;

  ControlBinder(Values values) {
    this.values = values;
  }

  /** Empty where something is wrong, which is left in the values. */
  Optional<ControlRun> bind() {
    EnvironmentSpecification environment = environment();
    return control().map(control -> new ControlRun(environment, control));
  }

  private EnvironmentSpecification environment() {
    String id = values.text("environment.id");
    int count = values.integer("environment.count", 1, 1 << 16);
    int steps = values.integer("environment.steps", 1, 1 << 20);
    long most = Integer.MAX_VALUE / 64;
    if ((long) count * steps > most) {
      values.add(
          "environment.steps", "at most [" + most / count + "] with [" + count + "] of count", "");
      steps = 1;
    }
    return new EnvironmentSpecification(
        id.isBlank() ? "none" : id,
        values.options("environment.options"),
        count,
        steps,
        values.choice("environment.autoreset", EnvironmentSpecification.Autoreset.class),
        values.duration("environment.step-limit", Duration.ofMillis(1)));
  }

  private Optional<ControlSpecification> control() {
    ControlSpecification.Layers layers = layers();
    var objective =
        new ControlSpecification.Objective(
            values.numberAbove("algorithm.clip", 0, 1_000),
            values.number("algorithm.value-clip", 0, 1e9),
            values.number("algorithm.value-coefficient", 0, 1_000),
            values.number("algorithm.entropy-coefficient", 0, 1_000),
            values.flag("algorithm.normalize-advantages"),
            values.number("algorithm.target-kl", 0, 1_000));
    var returns =
        new ControlSpecification.Returns(
            values.number("algorithm.gamma", 0, 1),
            values.number("algorithm.gae-lambda", 0, 1),
            values.choice("algorithm.bootstrap", ControlSpecification.Bootstrap.class));
    var normalisation =
        new ControlSpecification.Normalisation(
            values.flag("algorithm.normalize-observations"),
            values.flag("algorithm.normalize-rewards"),
            values.numberAbove("algorithm.normalize-clip", 0, 1e9));
    var correction =
        new ControlSpecification.Correction(
            values.numberAbove("algorithm.rho-cap", 0, 1e9),
            values.numberAbove("algorithm.trace-cap", 0, 1e9),
            values.numberAbove("algorithm.advantage-cap", 0, 1e9),
            values.integer("algorithm.target-updates", 1, MANY),
            values.number("algorithm.target-share", 0, 1_000));
    var algorithm = values.choice("algorithm.name", ControlSpecification.Algorithm.class);
    int epochs = values.integer("algorithm.epochs", 1, 1_000);
    int minibatches = values.integer("algorithm.minibatches", 1, 1 << 20);
    int budget = values.integer("algorithm.non-finite-budget", 0, MANY);
    OptimizerSpecification optimizer = optimizer();
    ControlSpecification.Adjustment adjustment = adjustment();
    try {
      return Optional.of(
          new ControlSpecification(
              algorithm,
              layers,
              returns,
              objective,
              epochs,
              minibatches,
              optimizer,
              normalisation,
              correction,
              adjustment,
              budget));
    } catch (InvalidValueException e) {
      String key =
          e.component().equals("adjustment") ? "adjustment.method" : "policy." + e.component();
      values.add(key, e.expected().toLowerCase(java.util.Locale.ROOT), "");
      return Optional.empty();
    }
  }

  private ControlSpecification.Layers layers() {
    var recurrence = values.choice("policy.recurrence", ControlSpecification.Recurrence.class);
    int width = values.integer("policy.recurrent-width", 0, 1 << 16);
    boolean plain = recurrence == ControlSpecification.Recurrence.NONE;
    if (plain != (width == 0)) {
      values.add(
          "policy.recurrent-width",
          plain ? "0" : "at least 1",
          "policy.recurrence is " + Values.written(recurrence));
      width = plain ? 0 : 1;
    }
    return new ControlSpecification.Layers(
        values.integers("policy.hidden", 1, 1 << 16), recurrence, width);
  }

  private OptimizerSpecification optimizer() {
    return new OptimizerSpecification(
        values.numberAbove("algorithm.learning-rate", 0, 10),
        values.number("algorithm.beta1", 0, 0.999999),
        values.number("algorithm.beta2", 0, 0.999999999),
        values.numberAbove("algorithm.adam-epsilon", 0, 1),
        0,
        values.integer("algorithm.warmup-updates", 0, MANY),
        values.choice("algorithm.schedule", OptimizerSpecification.Schedule.class),
        values.number("algorithm.minimum-share", 0, 1),
        values.number("algorithm.max-grad-norm", 0, 1e9));
  }

  private ControlSpecification.Adjustment adjustment() {
    return new ControlSpecification.Adjustment(
        values.choice("adjustment.method", ControlSpecification.AdjustmentMethod.class),
        values.integer("adjustment.collections", 1, 1 << 16),
        values.integer("adjustment.buffer", 1, 1 << 16),
        values.number("adjustment.learning-rate", 0, 10),
        values.integer("adjustment.epochs", 0, 1_000),
        values.integer("adjustment.minibatches", 1, 1 << 20),
        values.numberAbove("adjustment.clip", 0, 1e9),
        values.number("adjustment.kl-coefficient", 0, 1_000),
        values.number("adjustment.target-kl", 0, 1_000),
        values.number("adjustment.max-grad-norm", 0, 1e9),
        values.flag("adjustment.overlap"));
  }
}
