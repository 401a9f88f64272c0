package dev.troupe.learner.loss;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.protocol.run.LearnerSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The loss that a recipe names, as program text: the built-in {@code ppo-clip}, or a file that
 * defines the same function {@code policy_loss} (see {@code ppo_clip.py} for its inputs).
 */
public final class PolicyLoss {
  /** The recipe's name of the built-in loss. */
  public static final String PPO_CLIP = "ppo-clip";

  private PolicyLoss() {}

  /**
   * The text that defines {@code policy_loss}.
   *
   * @param files finds what a recipe names
   */
  public static ProgramSource source(
      LearnerSpecification specification, Function<String, Path> files) {
    if (specification.loss().equals(PPO_CLIP)) {
      return ProgramSource.resource(PolicyLoss.class, "ppo_clip.py");
    }
    Path file = files.apply(specification.loss());
    try {
      return new ProgramSource(specification.loss(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "learner.loss: got [" + specification.loss() + "], expected a text in UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "learner.loss must be ["
              + PPO_CLIP
              + "] or a readable program file, got ["
              + specification.loss()
              + "] at ["
              + file
              + "]",
          e);
    }
  }

  /** Supervised fine-tuning's loss. */
  public static ProgramSource supervised() {
    return ProgramSource.resource(PolicyLoss.class, "cross_entropy.py");
  }

  /** The recipe's numbers, by the names they have in a loss file. */
  public static Map<String, Object> constants(LearnerSpecification specification) {
    return Map.of(
        "CLIP_LOW", specification.clipLow(),
        "CLIP_HIGH", specification.clipHigh(),
        "DUAL_CLIP", specification.dualClip(),
        "IMPORTANCE", specification.importance().name().toLowerCase(Locale.ROOT),
        "IMPORTANCE_CAP", specification.importanceCap(),
        "KL", specification.kl().name().toLowerCase(Locale.ROOT),
        "KL_COEFFICIENT", specification.klCoefficient(),
        "ENTROPY_COEFFICIENT", specification.entropyCoefficient());
  }
}
