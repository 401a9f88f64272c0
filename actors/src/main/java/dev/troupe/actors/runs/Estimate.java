package dev.troupe.actors.runs;

import dev.troupe.actors.control.ControlEstimate;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RunSpecification;

/**
 * What a run will need. Parameters and batches are exact; memory and disk are estimates from above
 * (every sequence as long as it may be).
 *
 * @param vocabulary tokens, special ones included
 * @param parameters of the network
 * @param optimizerSteps of reinforcement learning in one update
 * @param microBatches forward and backward calls of one optimizer step
 * @param outstandingMax trajectories leased, queued or in training at the same time
 * @param learnerBytes weights, gradients, moments, reference policy and one micro-batch's
 *     activations a learner thread
 * @param cacheBytes the key-value cache of one sampler
 * @param snapshotBytes policy versions that the samplers of a node may hold
 * @param processBytes the JVM and libtorch themselves
 * @param checkpointBytes of one checkpoint
 * @param journalBytes of the whole run; 0 where nothing but time or accuracy ends it
 * @param trajectories of the whole run; 0 likewise
 */
public record Estimate(
    int vocabulary,
    long parameters,
    int optimizerSteps,
    int microBatches,
    long outstandingMax,
    long learnerBytes,
    long cacheBytes,
    long snapshotBytes,
    long processBytes,
    long checkpointBytes,
    long journalBytes,
    long trajectories) {
  private static final int SPECIAL_TOKENS = 3;
  private static final int FLOAT_BYTES = 4;
  private static final long PROCESS_BYTES = 700L << 20;
  private static final int RECORD_BYTES = 300;
  private static final int TOKEN_BYTES = 12;

  /** Of a run that begins anew. */
  public static Estimate of(RunSpecification run) {
    return run.control()
        .map(control -> ControlEstimate.of(run, control, PROCESS_BYTES))
        .orElseGet(() -> ofLanguageModel(run));
  }

  private static Estimate ofLanguageModel(RunSpecification run) {
    ModelSpecification model = run.model();
    ReplaySpecification replay = run.replay();
    LearnerSpecification learner = run.learner();
    int vocabulary = vocabulary(model.tokenizer());
    long parameters = parameters(model, vocabulary);
    long weights = parameters * FLOAT_BYTES;
    int minibatch = replay.batchTrajectories() / learner.minibatches();
    boolean reference = learner.klCoefficient() > 0;
    long activations =
        activations(model, vocabulary, Math.min(learner.microBatch(), minibatch))
            * run.runtime().learnerThreads();
    long cache =
        (long) run.sampling().lanes()
            * model.positions()
            * model.layers()
            * 2
            * model.kvHeads()
            * model.headSize()
            * FLOAT_BYTES;
    long trajectories = trajectories(run);
    return new Estimate(
        vocabulary,
        parameters,
        learner.epochs() * learner.minibatches(),
        Math.ceilDiv(minibatch, learner.microBatch()),
        (replay.policyLagMax() + 1L) * replay.batchTrajectories(),
        weights * (reference ? 5 : 4) + activations,
        cache,
        weights * (replay.policyLagMax() + 2L),
        PROCESS_BYTES,
        3 * weights,
        trajectories * (RECORD_BYTES + (long) TOKEN_BYTES * model.positions()),
        trajectories);
  }

  /** What a node needs on which the run's learner lives. */
  public long learnerNodeBytes() {
    return learnerBytes + processBytes;
  }

  /** What a node needs on which one of the run's rollout actors lives. */
  public long rolloutNodeBytes() {
    return cacheBytes + snapshotBytes + processBytes;
  }

  /** Caches and snapshots of {@code actors} samplers on one node. */
  public long samplerBytes(int actors) {
    return cacheBytes * actors + snapshotBytes;
  }

  /** All memory together, in one process with {@code actors} samplers. */
  public long memoryBytes(int actors) {
    return learnerBytes + samplerBytes(actors) + processBytes;
  }

  private static int vocabulary(ModelSpecification.Tokenizer tokenizer) {
    return switch (tokenizer) {
      case ModelSpecification.Tokenizer.Bytes() -> 256 + SPECIAL_TOKENS;
      case ModelSpecification.Tokenizer.Characters(String alphabet) ->
          alphabet.codePointCount(0, alphabet.length()) + SPECIAL_TOKENS;
    };
  }

  private static long parameters(ModelSpecification model, int vocabulary) {
    long hidden = model.hidden();
    long queries = (long) model.heads() * model.headSize();
    long keys = (long) model.kvHeads() * model.headSize();
    long layer =
        2 * hidden * queries + 2 * hidden * keys + 3 * hidden * model.feedForward() + 2 * hidden;
    long embeddings = vocabulary * hidden * (model.tied() ? 1 : 2);
    return embeddings + layer * model.layers() + hidden;
  }

  /** What autograd keeps of a micro-batch: about 16 residual-wide tensors a layer, and logits. */
  private static long activations(ModelSpecification model, int vocabulary, int sequences) {
    long token =
        model.layers()
                * (16L * model.hidden()
                    + 4L * model.feedForward()
                    + 2L * model.heads() * model.positions())
            + 4L * vocabulary;
    return token * sequences * model.positions() * FLOAT_BYTES;
  }

  private static long trajectories(RunSpecification run) {
    long byUpdates = run.stop().updates() * run.replay().batchTrajectories() / run.replay().reuse();
    long limit = run.stop().trajectories();
    if (byUpdates == 0 || limit == 0) {
      return Math.max(byUpdates, limit);
    }
    return Math.min(byUpdates, limit);
  }
}
