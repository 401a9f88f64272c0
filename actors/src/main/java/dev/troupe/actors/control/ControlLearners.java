package dev.troupe.actors.control;

import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.learner.CheckpointCrashes;
import dev.troupe.actors.learner.HopelessException;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.learner.LearnerEngines;
import dev.troupe.actors.learner.ProcessorTime;
import dev.troupe.actors.learner.TorchLearners;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.learner.ProcessorKinds;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.control.ControlLearner;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.torch.ProgramCompileException;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Makes the learners of a run in environments. */
public final class ControlLearners implements LearnerEngines {
  private final RunSpecification run;
  private final ControlRun control;
  private final Path checkpoints;
  private final Epochs epochs;
  private final Consumer<CrashPoint> crashHook;
  private final ThreadFactory owners;
  private final ProcessorTime processor = ProcessorTime.here();

  /**
   * @param epochs of the run's learners
   * @param remembered keeps account of the threads that are made
   */
  public ControlLearners(
      RunSpecification run,
      ControlRun control,
      Path checkpoints,
      Epochs epochs,
      Consumer<CrashPoint> crashHook,
      UnaryOperator<ThreadFactory> remembered) {
    this.run = run;
    this.control = control;
    this.checkpoints = checkpoints;
    this.epochs = epochs;
    this.crashHook = crashHook;
    this.owners = processor.counting(remembered.apply(TorchRuntime.threads("learner")));
  }

  @Override
  public ThreadFactory threads() {
    return owners;
  }

  @Override
  public ProcessorKind processor() {
    return ProcessorKinds.here("cpu", 1, System.getenv());
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
      CheckpointStore store = new CheckpointStore(checkpoints, new CheckpointCrashes(crashHook));
      store.clean();
      ControlNetwork network = ControlNetworks.of(control);
      ControlLearner.Context context =
          new ControlLearner.Context(
              control.control(), network, run.seed(), incarnation, run.stop().updates());
      ControlLearner learner =
          checkpoint
              .map(ref -> ControlLearner.restore(context, TorchLearners.open(store, ref)))
              .orElseGet(() -> ControlLearner.fresh(context));
      return new ControlEngine(learner, store, run.checkpoints().keep(), processor);
    } catch (IllegalArgumentException | ProgramCompileException e) {
      // Beginning again would find the same.
      throw new HopelessException(String.valueOf(e.getMessage()), e);
    }
  }
}
