package dev.troupe.learner.loss;

import dev.troupe.model.torch.ProgramCompileException;
import dev.troupe.model.torch.ProgramRunException;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.LearnerSpecification;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls a loss of one's own on a few made-up numbers, forward and backward, before a run depends on
 * it: what compiling can't see, such as a result of the wrong shape, would end the run at its first
 * update.
 *
 * <p>Sizes that differ from each other (and from those of any batch) find shapes that were written
 * down as numbers; a second call with one token finds dimensions that vanish.
 */
public final class LossTrial {
  private static final String SIGNATURE = "the arguments and the result that docs/losses.md shows";
  private static final List<String> ARGUMENTS =
      List.of(
          "logp",
          "old_logp",
          "behaviour_logp",
          "reference_logp",
          "entropy",
          "advantages",
          "mask",
          "weights");
  private static final Map<Long, String> DTYPES =
      Map.ofEntries(
          Map.entry(0L, "uint8"),
          Map.entry(1L, "int8"),
          Map.entry(2L, "int16"),
          Map.entry(3L, "int32"),
          Map.entry(4L, "int64"),
          Map.entry(5L, "float16"),
          Map.entry(6L, "float32"),
          Map.entry(7L, "float64"),
          Map.entry(9L, "complex64"),
          Map.entry(10L, "complex128"),
          Map.entry(11L, "bool"),
          Map.entry(15L, "bfloat16"));

  private final ProgramSource loss;
  private final TorchProgram program;
  private final String device;

  private LossTrial(ProgramSource loss, TorchProgram program, String device) {
    this.loss = loss;
    this.program = program;
    this.device = device;
  }

  /**
   * Tries {@code loss}; on a thread of libtorch.
   *
   * @throws LossRefusedException where it can't be trained with
   */
  public static void check(LearnerSpecification learner, ProgramSource loss, String device) {
    if (LossText.line(loss) == 0) {
      throw new LossRefusedException(
          "learner.loss: ["
              + loss.name()
              + "] defines no policy_loss, expected `def policy_loss(...)` without indentation, as"
              + " docs/losses.md says");
    }
    try (TorchProgram program = compile(learner, loss)) {
      LossTrial trial = new LossTrial(loss, program, device);
      trial.call(3, 5);
      trial.call(1, 1);
    }
  }

  private static TorchProgram compile(LearnerSpecification learner, ProgramSource loss) {
    ProgramSource trial = ProgramSource.resource(LossTrial.class, "loss_trial.py");
    try {
      return TorchProgram.compile(
          "loss", List.of(trial, loss), Map.copyOf(PolicyLoss.constants(learner)));
    } catch (ProgramCompileException e) {
      if (e.source().equals(loss.name())) {
        throw new LossRefusedException(
            "learner.loss: "
                + loss.name()
                + ", line "
                + e.line()
                + ": it doesn't compile: "
                + e.words()
                + "; expected TorchScript as docs/losses.md describes it",
            e);
      }
      throw new LossRefusedException(
          LossText.where(loss)
              + "policy_loss can't be called: "
              + e.words()
              + "; expected "
              + SIGNATURE,
          e);
    }
  }

  private void call(int rows, int answers) {
    int[] shape = {rows, answers};
    try (Tensor numbers = Tensor.of(TrialNumbers.of(rows, answers), 8, rows, answers);
        Tensor placed = numbers.to(device);
        Result result = program.run("try_loss", placed)) {
      judge(result, shape);
    } catch (ProgramRunException e) {
      if (!e.isLasting()) {
        throw e;
      }
      Optional<String> line = e.lineIn(loss.name());
      throw new LossRefusedException(
          line.map(where -> "learner.loss: " + where + ": ").orElse(LossText.where(loss))
              + "policy_loss failed on a trial with arguments of "
              + Arrays.toString(shape)
              + ": "
              + e.words(),
          e);
    }
  }

  private void judge(Result result, int[] shape) {
    long[] lossShape = result.integers(0);
    String lossType = dtype(result.integer(1));
    if (lossShape.length > 0 || !lossType.matches("float(32|64)")) {
      throw refused(
          shape,
          "a loss of " + lossType + " " + Arrays.toString(lossShape),
          "a scalar, float32 []",
          lossShape.length > 0
              ? "multiply the tokens' loss by weights and add up: torch.sum(loss * weights)"
              : "keep the type of logp");
    }
    long[] clippedShape = result.integers(2);
    String clippedType = dtype(result.integer(3));
    boolean fits = Arrays.equals(clippedShape, Arrays.stream(shape).asLongStream().toArray());
    if (!fits || !clippedType.equals("bool")) {
      throw refused(
          shape,
          "clipped tokens of " + clippedType + " " + Arrays.toString(clippedShape),
          "bool " + Arrays.toString(shape),
          "a loss that clips nothing returns torch.gt(mask, 1.)");
    }
    if (!result.truth(5)) {
      throw refused(
          shape,
          "a loss without a gradient",
          "one that depends on logp",
          "don't detach it, and leave gradients enabled");
    }
    double number = result.number(4);
    if (!Double.isFinite(number) || !result.truth(6)) {
      throw refused(
          shape,
          Double.isFinite(number) ? "a gradient that is not finite" : "a loss of " + number,
          "a finite one",
          "the trial's numbers are harmless: log-probabilities from -2 to 0, advantages from -1 to"
              + " 1, zeros in the padding; look for a division by zero, log(0) or sqrt(0)");
    }
    long[] changed = result.integers(7);
    if (changed.length > 0) {
      throw new LossRefusedException(
          LossText.where(loss)
              + "policy_loss changed its arguments "
              + Arrays.stream(changed).mapToObj(i -> ARGUMENTS.get((int) i)).toList()
              + " in place, expected them unchanged: other figures are computed from them; use"
              + " operations without the trailing _, such as clamp for clamp_");
    }
  }

  private LossRefusedException refused(int[] shape, String got, String expected, String next) {
    return new LossRefusedException(
        LossText.where(loss)
            + "policy_loss returned "
            + got
            + " for arguments of "
            + Arrays.toString(shape)
            + ", expected "
            + expected
            + "; "
            + next
            + " (docs/losses.md)");
  }

  private static String dtype(long number) {
    return DTYPES.getOrDefault(number, "dtype " + number);
  }
}
