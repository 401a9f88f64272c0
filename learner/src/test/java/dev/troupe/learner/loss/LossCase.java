package dev.troupe.learner.loss;

import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Inputs of a policy loss, [B][T] in float64, as the reference files hold them. */
@SuppressWarnings("ArrayRecordComponent") // lives for one comparison
record LossCase(
    int rows,
    int columns,
    double[] logp,
    double[] old,
    double[] behaviour,
    double[] reference,
    double[] advantages,
    double[] mask) {

  /** What a loss gave. */
  record Value(double loss, double[] gradient, double[] entropyGradient, double[] clipped) {}

  static LossCase of(JsonObject inputs) {
    double[][] mask = Oracle.matrix(inputs.get("mask"));
    double[] bySequence = Oracle.vector(inputs.get("seq_adv"));
    int columns = mask[0].length;
    double[] advantages = new double[mask.length * columns];
    for (int i = 0; i < advantages.length; i++) {
      advantages[i] = bySequence[i / columns];
    }
    if (inputs.has("token_adv")) {
      advantages = Oracle.flat(inputs.get("token_adv"));
    }
    return new LossCase(
        mask.length,
        columns,
        Oracle.flat(inputs.get("logp")),
        Oracle.flat(inputs.get("old_logp")),
        Oracle.flat(inputs.get("rollout_logp")),
        Oracle.flat(inputs.get("ref_logp")),
        advantages,
        Oracle.flat(inputs.get("mask")));
  }

  /** Rows {@code from} (inclusive) to {@code to}, as a micro-batch has them. */
  LossCase rows(int from, int to) {
    return new LossCase(
        to - from,
        columns,
        part(logp, from, to),
        part(old, from, to),
        part(behaviour, from, to),
        part(reference, from, to),
        part(advantages, from, to),
        part(mask, from, to));
  }

  private double[] part(double[] all, int from, int to) {
    return java.util.Arrays.copyOfRange(all, from * columns, to * columns);
  }

  /** The aggregation as a weight for every token. */
  double[] weights(Aggregation aggregation, int constantLength) {
    int[] counts = new int[rows];
    for (int i = 0; i < mask.length; i++) {
      counts[i / columns] += (int) mask[i];
    }
    double[] bySequence = TokenWeights.of(aggregation, counts, constantLength);
    double[] weights = new double[mask.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = mask[i] * bySequence[i / columns];
    }
    return weights;
  }

  static TorchProgram compile(LearnerSpecification specification) {
    return TorchProgram.compile(
        "loss",
        List.of(
            PolicyLoss.source(specification, Path::of),
            ProgramSource.resource(LossCase.class, "loss_check.py")),
        PolicyLoss.constants(specification));
  }

  Value run(TorchProgram program, double[] weights) {
    List<Tensor> tensors = new ArrayList<>();
    double[] entropy = new double[logp.length];
    for (double[] each :
        List.of(logp, old, behaviour, reference, entropy, advantages, mask, weights)) {
      tensors.add(Tensor.of(each, rows, columns));
    }
    try (Result result = program.run("policy", tensors.toArray());
        Tensor loss = result.tensor(0);
        Tensor gradient = result.tensor(1);
        Tensor entropyGradient = result.tensor(2);
        Tensor clipped = result.tensor(3)) {
      return new Value(
          loss.toDoubles()[0],
          gradient.toDoubles(),
          entropyGradient.toDoubles(),
          clipped.toDoubles());
    } finally {
      tensors.forEach(Tensor::close);
    }
  }
}
