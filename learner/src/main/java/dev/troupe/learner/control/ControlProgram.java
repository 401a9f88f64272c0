package dev.troupe.learner.control;

import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.ControlSpecification.Algorithm;
import dev.troupe.protocol.run.ControlSpecification.Bootstrap;
import dev.troupe.protocol.run.ControlSpecification.Correction;
import dev.troupe.protocol.run.ControlSpecification.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Composes network and algorithm into one torch program. */
final class ControlProgram {
  private ControlProgram() {}

  static TorchProgram compile(ControlSpecification control, ControlNetwork network) {
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(
        ProgramSource.resource(ControlProgram.class, "/dev/troupe/learner/update/parameters.py"));
    for (String name :
        List.of(
            "recurrence.py",
            "experience.py",
            "running_statistics.py",
            "gae.py",
            "vtrace.py",
            "clipped_surrogate.py",
            "critic.py",
            algorithm(control.algorithm()),
            "control_update.py")) {
      sources.add(text(name));
    }
    if (network.trainingSources().isEmpty()) {
      sources.add(text("autograd_policy.py"));
    }
    sources.addAll(network.trainingSources());
    if (!network.head().isEmpty()) {
      sources.add(text("props.py"));
      sources.add(text("adjustment.py"));
    }
    return TorchProgram.compile("control", sources, network.constants(constants(control, network)));
  }

  static ProgramSource text(String name) {
    return ProgramSource.resource(ControlProgram.class, name);
  }

  /** The text of an algorithm. */
  private static String algorithm(Algorithm algorithm) {
    return switch (algorithm) {
      case PPO -> "ppo.py";
      case A2C -> "a2c.py";
      case VTRACE -> "impala.py";
      case APPO -> "appo.py";
      case IMPACT -> "impact.py";
    };
  }

  /** What the texts' upper-case names stand for, without those of the network. */
  static Map<String, Object> constants(ControlSpecification control, ControlNetwork network) {
    Objective objective = control.objective();
    Correction correction = control.correction();
    Map<String, Object> constants = new HashMap<>();
    constants.put("DISCOUNT", control.returns().discount());
    constants.put("LAMBDA", control.returns().lambda());
    constants.put(
        "BOOTSTRAP_TRUNCATED", control.returns().bootstrap() == Bootstrap.TERMINATED_ONLY);
    constants.put("CLIP", objective.clip());
    constants.put("VALUE_CLIP", objective.valueClip());
    constants.put("VALUE", objective.valueCoefficient());
    constants.put("ENTROPY", objective.entropyCoefficient());
    constants.put("NORMALISE_ADVANTAGES", objective.normaliseAdvantages());
    constants.put("TARGET_KL", objective.targetKl());
    constants.put("CLIP_NORM", control.optimizer().clipNorm());
    constants.put("BETA1", control.optimizer().beta1());
    constants.put("BETA2", control.optimizer().beta2());
    constants.put("EPSILON", control.optimizer().epsilon());
    constants.put("DECAY", control.optimizer().weightDecay());
    constants.put("REWARD_CLIP", control.normalisation().clip());
    constants.put("RHO_CAP", correction.rhoCap());
    constants.put("TRACE_CAP", correction.traceCap());
    constants.put("ADVANTAGE_CAP", correction.advantageCap());
    constants.put("LOG_TARGET_SHARE", Math.log(Math.max(1e-30, correction.targetShare())));
    constants.put("HAS_TARGET", control.algorithm() == Algorithm.IMPACT);
    constants.put("RECURRENT", network.state() > 0);
    constants.put("SIZES", network.trained().stream().map(ParameterShape::elements).toList());
    constants.put(
        "COLUMNS",
        network.trained().stream()
            .map(each -> each.shape().size() == 2 ? each.shape().get(1) : Long.valueOf(0))
            .toList());
    return constants;
  }
}
