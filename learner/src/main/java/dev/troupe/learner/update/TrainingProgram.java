package dev.troupe.learner.update;

import dev.troupe.learner.batching.MicroBatch;
import dev.troupe.learner.batching.MicroBatchPlan;
import dev.troupe.learner.batching.PlainRows;
import dev.troupe.learner.batching.SharedPrefixes;
import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.LearnerSpecification.Compute;
import dev.troupe.protocol.run.OptimizerSpecification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Network, loss and optimizer as one torch program. Parameters lie end to end in one tensor [P]: a
 * gradient is one tensor, an optimizer step a few operations, a snapshot one copy.
 */
final class TrainingProgram implements AutoCloseable {
  private final DecoderNetwork network;
  private final String device;
  private final boolean shared;
  private final int microBatch;
  private final TorchProgram program;

  /**
   * Compiles the program.
   *
   * @param loss text that defines {@code policy_loss}
   * @param temperature of sampling: the policy that is trained is the one that was sampled from
   */
  TrainingProgram(
      DecoderNetwork network,
      LearnerSpecification learner,
      ProgramSource loss,
      double temperature,
      String device) {
    this.network = network;
    this.device = device;
    this.shared = learner.compute() == Compute.FLOAT32;
    this.microBatch = learner.microBatch();
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    for (String name :
        List.of(
            "parameters.py", "token_gradient.py", "policy_gradient.py", "supervised_gradient.py")) {
      sources.add(ProgramSource.resource(TrainingProgram.class, name));
    }
    sources.add(PolicyLoss.supervised());
    sources.add(
        ProgramSource.resource(TrainingProgram.class, "/dev/troupe/learner/optimizer/adamw.py"));
    sources.add(loss);
    Map<String, Object> attributes = new HashMap<>(PolicyLoss.constants(learner));
    attributes.put("COMPUTE", learner.compute().name().toLowerCase(Locale.ROOT));
    attributes.put("TEMPERATURE", temperature);
    attributes.put("SIZES", network.layout().stream().map(ParameterShape::elements).toList());
    attributes.put(
        "COLUMNS",
        network.layout().stream()
            .map(each -> each.shape().size() == 2 ? each.shape().get(1) : Long.valueOf(0))
            .toList());
    this.program = TorchProgram.compile("training", sources, network.constants(attributes));
  }

  /** All parameters end to end in float32 on the device: a copy. */
  Tensor join(Parameters parameters) {
    try (Parameters placed = parameters.to(device)) {
      return tensor("join", placed.tensors());
    }
  }

  /** A copy of {@code flat} as named tensors that share memory with each other only. */
  Parameters copyOut(Tensor flat) {
    try (Tensor copy = flat.copy();
        Result result = program.run("split", copy)) {
      return new Parameters(network.names(), result.tensors(0));
    }
  }

  Tensor zerosLike(Tensor flat) {
    return tensor("zeros", flat);
  }

  /** Which of the sequences that are asked for share a micro-batch. */
  List<List<Integer>> plan(List<TrainingSequence> sequences, IntPredicate which) {
    return shared
        ? MicroBatchPlan.byPrompt(sequences, which, microBatch)
        : MicroBatchPlan.byLength(sequences, which, microBatch);
  }

  /**
   * Sequences as the program reads them: in float32 each distinct prefix once; in bfloat16, which
   * goes through autograd, each for itself.
   */
  MicroBatch microBatch(List<TrainingSequence> sequences) {
    int positions = network.shape().positions();
    return new MicroBatch(
        sequences,
        shared ? new SharedPrefixes(sequences, positions) : new PlainRows(sequences, positions));
  }

  /**
   * The gradient of one micro-batch of reinforcement learning.
   *
   * @param values [6, B, A] as policy_gradient.py says
   */
  MicroBatchGradient policyGradient(
      Tensor flat, MicroBatch batch, float[] values, boolean oldIsCurrent) {
    try (Inputs inputs = new Inputs(batch);
        Tensor slots = place(Tensor.of(batch.slots()));
        Tensor rectangles = place(Tensor.of(values, 6, batch.rows(), batch.answers()));
        Result result =
            program.run(
                "gradient",
                flat,
                inputs.read,
                inputs.predictors,
                inputs.targets,
                slots,
                rectangles,
                oldIsCurrent);
        Tensor figures = result.tensor(1)) {
      return new MicroBatchGradient(result.tensor(0), figures.toDoubles());
    }
  }

  /**
   * The gradient of one micro-batch of supervised fine-tuning.
   *
   * @param weights [R] of the trained tokens in the loss
   */
  MicroBatchGradient supervisedGradient(Tensor flat, MicroBatch batch, float[] weights) {
    try (Inputs inputs = new Inputs(batch);
        Tensor shares = place(Tensor.of(weights));
        Result result =
            program.run(
                "supervised_gradient",
                flat,
                inputs.read,
                inputs.predictors,
                inputs.targets,
                shares);
        Tensor figures = result.tensor(1)) {
      return new MicroBatchGradient(result.tensor(0), figures.toDoubles());
    }
  }

  /** Log-probabilities of the trained tokens under {@code flat}, [R]. */
  float[] logProbs(Tensor flat, MicroBatch batch) {
    try (Inputs inputs = new Inputs(batch);
        Result result =
            program.run("log_probs", flat, inputs.read, inputs.predictors, inputs.targets);
        Tensor logProbs = result.tensor()) {
      return logProbs.toFloats();
    }
  }

  /** total ← total + part. */
  void add(Tensor total, Tensor part) {
    program.run("add", total, part).close();
  }

  /** Gradient norm before clipping, and whether it was finite and a step was taken. */
  record NormAndStep(double gradientNorm, boolean taken) {}

  /**
   * AdamW in place, unless the gradient is not finite.
   *
   * @param step number of this step, from 1, for the bias correction
   */
  NormAndStep adamw(
      Tensor flat,
      Tensor gradient,
      Tensor mean,
      Tensor square,
      long step,
      double rate,
      OptimizerSpecification optimizer) {
    try (Tensor count = place(Tensor.of(new float[] {step}));
        Result result =
            program.run(
                "adamw",
                List.of(flat),
                List.of(gradient),
                List.of(mean),
                List.of(square),
                List.of(count),
                rate,
                optimizer.beta1(),
                optimizer.beta2(),
                optimizer.epsilon(),
                optimizer.weightDecay(),
                optimizer.clipNorm())) {
      return new NormAndStep(result.number(0), result.truth(1));
    }
  }

  @Override
  public void close() {
    program.close();
  }

  private Tensor place(Tensor tensor) {
    if (device.equals("cpu")) {
      return tensor;
    }
    try (tensor) {
      return tensor.to(device);
    }
  }

  private Tensor tensor(String method, Object argument) {
    try (Result result = program.run(method, argument)) {
      return result.tensor();
    }
  }

  /** The integers of a micro-batch as tensors. */
  private final class Inputs implements AutoCloseable {
    private final List<Tensor> read;
    private final Tensor predictors;
    private final Tensor targets;

    Inputs(MicroBatch batch) {
      read =
          batch.read().stream()
              .map(integers -> place(Tensor.of(integers.values(), integers.shape())))
              .toList();
      predictors = place(Tensor.of(batch.predictors()));
      targets = place(Tensor.of(batch.targets()));
    }

    @Override
    public void close() {
      read.forEach(Tensor::close);
      predictors.close();
      targets.close();
    }
  }
}
