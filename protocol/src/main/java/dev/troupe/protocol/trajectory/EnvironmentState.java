package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.util.List;

/**
 * Where a sampler stood after the last step of a fragment: whoever has it plays the next one as
 * that sampler would have.
 *
 * @param line number of the fragment that the sampler's first episodes began in; tells samplers
 *     apart
 * @param environments all N lanes, by the environment's codec
 * @param returns F64 [N] discounted sums of the rewards of the episodes under way
 * @param memory F32 [N, S] of a recurrent policy; S = 0 for others
 */
public record EnvironmentState(
    long line, PluginPayload environments, TensorData returns, TensorData memory) {
  public EnvironmentState {
    Check.atLeast("line", 0, line);
    Check.that(
        returns.dtype() == DType.F64 && returns.shape().size() == 1,
        "returns",
        "F64 of shape [N]",
        returns.dtype() + " " + returns.shape());
    List<Long> shape = memory.shape();
    Check.that(
        memory.dtype() == DType.F32
            && shape.size() == 2
            && shape.getFirst().equals(returns.shape().getFirst()),
        "memory",
        "F32 of shape [N, S] with N of " + returns.shape(),
        memory.dtype() + " " + shape);
  }

  /** About as many as it takes on the way. */
  public long bytes() {
    return (long) environments.bytes().size() + returns.bytes().size() + memory.bytes().size();
  }
}
