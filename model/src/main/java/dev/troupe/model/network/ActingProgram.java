package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link ControlNetwork} that acts: one call a step of all lanes. */
public final class ActingProgram implements AutoCloseable {
  private final TorchProgram program;

  /** Compiles the program. */
  public ActingProgram(ControlNetwork network) {
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(
        ProgramSource.resource(ActingProgram.class, "/dev/troupe/model/programs/acting.py"));
    this.program = TorchProgram.compile("acting", sources, network.constants(Map.of()));
  }

  /**
   * Draws an action for every lane.
   *
   * @param observations [N, O] float32, raw
   * @param noise [N, K] float64: uniform in [0, 1) for choices, standard normal for numbers
   * @param state [N, S] float32; zero where an episode begins
   * @return actions [N, K] (int64 or float32), their log-probabilities [N] and the state after the
   *     step; the caller closes it
   */
  public Result act(Tensor observations, Tensor noise, Tensor state, Parameters policy) {
    return program.run("act", observations, noise, state, policy.tensors());
  }

  /** The likeliest action of every lane [N, K], and the state after the step. */
  public Result greedy(Tensor observations, Tensor state, Parameters policy) {
    return program.run("greedy", observations, state, policy.tensors());
  }

  @Override
  public void close() {
    program.close();
  }
}
