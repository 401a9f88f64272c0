package dev.troupe.actors.control;

import dev.troupe.actors.rollout.SamplerEngine;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** Makes samplers that play in environments. */
public final class EnvironmentSamplers implements SamplerEngines {
  private final ControlRun run;
  private final long seed;
  private final boolean placed;
  private final LongSupplier nanos;
  private final ThreadFactory threads;
  private final AtomicBoolean said = new AtomicBoolean();

  /**
   * @param run that {@code specification} is about
   * @param nanos a monotonic clock
   * @param remembered keeps account of the threads that are made
   */
  public EnvironmentSamplers(
      RunSpecification specification,
      ControlRun run,
      LongSupplier nanos,
      UnaryOperator<ThreadFactory> remembered) {
    this.run = run;
    this.seed = specification.seed();
    this.placed = specification.replay().isSynchronous();
    this.nanos = nanos;
    this.threads = remembered.apply(TorchRuntime.threads("sampler"));
  }

  /** The environment that a recipe names. */
  public static EnvironmentSource source(EnvironmentSpecification environment) {
    return Environments.standard().find(environment.id(), environment.options());
  }

  @Override
  public SamplerEngine create() {
    return new EnvironmentEngine(run, seed, placed, source(run.environment()), nanos, said);
  }

  @Override
  public ThreadFactory threads() {
    return threads;
  }

  @Override
  public int lanes() {
    return 1;
  }
}
