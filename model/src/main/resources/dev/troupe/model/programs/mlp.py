"""A policy of tanh layers for vectors of observations, with its critic.

  policy_step(x [N, O] raw, state [N, 0], w) -> (distribution [N, P], state)
  policy_values(x [N, O] raw, state [N, 0], w) -> [N]
  policy_sequence(x [T, N, O] raw, begins [T, N], state [N, 0], w) -> (distributions [T, N, P], values [T, N])
  policy_states(x [T, N, O] raw, begins [T, N], state [N, 0], w) -> states after each step [T, N, 0]
  policy_features(x [..., O] raw, w) -> what the policy's last layer reads; policy_head(features, w) -> distributions
All are differentiable. A policy without memory has no use for begins and state.
"""


def policy_step(x: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
    return (distribution_parameters(tanh_layers(prepared(x, w), 0, w), w), state)


def policy_values(x: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
    return tanh_layers(prepared(x, w), 1, w).squeeze(-1)


def policy_sequence(x: Tensor, begins: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
    x = prepared(x, w)
    return (distribution_parameters(tanh_layers(x, 0, w), w), tanh_layers(x, 1, w).squeeze(-1))


def policy_states(x: Tensor, begins: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
    return state.unsqueeze(0).expand([x.size(0), -1, -1])


def policy_features(x: Tensor, w: List[Tensor]) -> Tensor:
    return tanh_features(prepared(x, w), 0, w)


def policy_head(features: Tensor, w: List[Tensor]) -> Tensor:
    return distribution_parameters(tanh_head(features, 0, w), w)
