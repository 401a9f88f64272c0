package dev.troupe.actors.rollout;

import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.SnapshotPolicy;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.sampling.CompletionSampler;
import dev.troupe.rollout.sampling.SampleRequest;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;

/** Makes real samplers. */
public final class TorchSamplers implements SamplerEngines {
  private final RunSpecification run;
  private final ThreadFactory threads;

  /**
   * @param remembered keeps account of the threads that are made
   */
  public TorchSamplers(RunSpecification run, UnaryOperator<ThreadFactory> remembered) {
    this.run = run;
    this.threads = remembered.apply(TorchRuntime.threads("sampler"));
  }

  @Override
  public SamplerEngine create() {
    Tokenizer tokenizer = Tokenizers.of(run.model().tokenizer());
    DecoderNetwork network = new DecoderNetwork(DecoderShape.of(run.model(), tokenizer.size()));
    return new Engine(
        new CompletionSampler(
            network, tokenizer, run.sampling(), run.seed(), run.runtime().samplerDevice()));
  }

  @Override
  public ThreadFactory threads() {
    return threads;
  }

  @Override
  public int lanes() {
    return run.sampling().lanes();
  }

  private record Engine(CompletionSampler sampler) implements SamplerEngine {
    @Override
    public void use(Policy policy) {
      sampler.use(
          switch (policy) {
            case SnapshotPolicy(var snapshot) -> snapshot;
            default ->
                throw new IllegalArgumentException(
                    "samplers use snapshots of a network, got [" + policy.getClass() + "]");
          });
    }

    @Override
    public int freeLanes() {
      return sampler.freeLanes();
    }

    @Override
    public void submit(Sample sample) {
      sampler.submit(
          new SampleRequest(
              sample.id(),
              sample.lease().id(),
              sample.lease().attempt(),
              sample.task(),
              sample.greedy()));
    }

    @Override
    public List<Finished> advance() {
      return sampler.advance().stream().map(Finished::unjudged).toList();
    }

    @Override
    public boolean idle() {
      return sampler.idle();
    }

    @Override
    public long tokens() {
      return sampler.tokens();
    }

    @Override
    public void close() {
      sampler.close();
    }
  }
}
