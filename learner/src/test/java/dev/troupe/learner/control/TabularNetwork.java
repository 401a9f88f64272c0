package dev.troupe.learner.control;

import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.ParameterShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Tensor;
import java.util.List;
import java.util.Map;

/** A table of logits and one of values for each of S states; observations are one-hot. */
record TabularNetwork(int states, int actions) implements ControlNetwork {
  private static final String TEXT =
      """
      def policy_step(x: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
          return (policy_head(policy_features(x, w), w), state)

      def policy_values(x: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
          return torch.matmul(prepared(x, w), w[1])

      def policy_sequence(x: Tensor, begins: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
          return (policy_head(policy_features(x, w), w), policy_values(x, state, w))

      def policy_states(x: Tensor, begins: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
          return state.unsqueeze(0).expand([x.size(0), -1, -1])

      def policy_features(x: Tensor, w: List[Tensor]) -> Tensor:
          return prepared(x, w)

      def policy_head(features: Tensor, w: List[Tensor]) -> Tensor:
          return distribution_parameters(torch.matmul(features, w[0]), w)
      """;

  @Override
  public ControlShape shape() {
    return ControlShape.plain(states, List.of(), new ActionDistribution.Categorical(actions));
  }

  @Override
  public List<ParameterShape> trained() {
    return List.of(
        new ParameterShape("logits", List.of((long) states, (long) actions)),
        new ParameterShape("values", List.of((long) states)));
  }

  @Override
  public Parameters initialTrained(long seed) {
    return new Parameters(
        List.of("logits", "values"),
        List.of(
            Tensor.of(new float[states * actions], states, actions),
            Tensor.of(new float[states], states)));
  }

  @Override
  public List<ProgramSource> networkSources() {
    return List.of(new ProgramSource("tabular.py", TEXT));
  }

  @Override
  public Map<String, Object> networkConstants() {
    return Map.of();
  }

  @Override
  public List<Integer> head() {
    return List.of(0);
  }
}
