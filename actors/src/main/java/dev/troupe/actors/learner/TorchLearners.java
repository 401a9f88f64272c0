package dev.troupe.actors.learner;

import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.learner.PolicyLearner;
import dev.troupe.learner.PolicyLearner.LearnerContext;
import dev.troupe.learner.ProcessorKinds;
import dev.troupe.learner.checkpoint.Checkpoint;
import dev.troupe.learner.checkpoint.CheckpointDamagedException;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.loss.LossRefusedException;
import dev.troupe.learner.loss.LossTrial;
import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.model.torch.ProgramCompileException;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.task.Corpora;
import dev.troupe.rollout.task.Corpus;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Makes real learners. */
public final class TorchLearners implements LearnerEngines {
  private final RunSpecification run;
  private final Path checkpoints;
  private final Epochs epochs;
  private final Function<String, Path> files;
  private final Consumer<CrashPoint> crashHook;
  private final ThreadFactory owners;
  private final ThreadFactory workers;
  private final ProcessorTime processor;

  /**
   * @param epochs of the run's learners
   * @param files finds what the recipe names
   * @param remembered keeps account of the threads that are made
   */
  public TorchLearners(
      RunSpecification run,
      Path checkpoints,
      Epochs epochs,
      Function<String, Path> files,
      Consumer<CrashPoint> crashHook,
      UnaryOperator<ThreadFactory> remembered) {
    this.run = run;
    this.checkpoints = checkpoints;
    this.epochs = epochs;
    this.files = files;
    this.crashHook = crashHook;
    this.processor = ProcessorTime.here();
    this.owners = processor.counting(remembered.apply(TorchRuntime.threads("learner")));
    this.workers = processor.counting(TorchRuntime.threads("learner-worker"));
  }

  @Override
  public ThreadFactory threads() {
    return owners;
  }

  @Override
  public ProcessorKind processor() {
    return ProcessorKinds.here(
        run.runtime().learnerDevice(), run.runtime().learnerThreads(), System.getenv());
  }

  @Override
  public void prepare() {
    TorchRuntime.start();
  }

  @Override
  public int claim(int newest) {
    return epochs.claim(newest, "process [" + ProcessHandle.current().pid() + "]").epoch();
  }

  @Override
  public LearnerEngine open(int incarnation, Optional<CheckpointRef> checkpoint) {
    try {
      refuseWhatCannotBe();
      return opened(incarnation, checkpoint);
    } catch (IllegalArgumentException | LossRefusedException | ProgramCompileException e) {
      // Beginning again would find the same.
      throw new HopelessException(String.valueOf(e.getMessage()), e);
    }
  }

  /** This node may be another one than that where the recipe was checked. */
  private void refuseWhatCannotBe() {
    String device = run.runtime().learnerDevice();
    if (!device.equals("cpu") && !TorchRuntime.devices().contains(device)) {
      throw new IllegalArgumentException(
          "runtime.learner-device: got ["
              + device
              + "], expected a device of the learner's machine: it has "
              + TorchRuntime.devices()
              + "; ./troupe doctor says what is missing there");
    }
    if (!run.learner().loss().equals(PolicyLoss.PPO_CLIP)) {
      LossTrial.check(run.learner(), PolicyLoss.source(run.learner(), files), device);
    }
  }

  private LearnerEngine opened(int incarnation, Optional<CheckpointRef> checkpoint) {
    CheckpointStore store = new CheckpointStore(checkpoints, new CheckpointCrashes(crashHook));
    Tokenizer tokenizer = Tokenizers.of(run.model().tokenizer());
    Corpus corpus = Corpora.of(run.sft().corpus(), run.tasks(), run.seed(), files);
    LearnerContext context = new LearnerContext(run, incarnation, files, workers);
    store.clean();
    PolicyLearner learner =
        checkpoint
            .map(ref -> restore(context, store, ref))
            .orElseGet(() -> PolicyLearner.fresh(context));
    return new TorchLearner(run, learner, store, corpus, tokenizer, processor);
  }

  private static PolicyLearner restore(
      LearnerContext context, CheckpointStore store, CheckpointRef ref) {
    return PolicyLearner.restore(context, open(store, ref));
  }

  /** A checkpoint, whole; where it is damaged there is no going on. */
  public static Checkpoint open(CheckpointStore store, CheckpointRef ref) {
    try {
      return store.open(ref);
    } catch (CheckpointDamagedException e) {
      String offer =
          e.previousGood()
              .map(good -> "; go on from it with --resume --from-checkpoint " + good.update())
              .orElse("");
      throw new HopelessException(e.getMessage() + offer, e);
    }
  }
}
