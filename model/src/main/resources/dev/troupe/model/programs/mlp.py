"""A policy of tanh layers for vectors of observations and a choice among actions.

Constant from Java: MLP_LAYERS, layers of the actor and of the critic, the last included.
Weights `w`: weight [out, in] and bias [out] of each layer of the actor, then of the critic.

  action_logits(x [N, O], w) -> [N, A]
  values(x [N, O], w) -> [N]
  action_log_probabilities(logits [N, A], actions [N] int64) -> (log-probabilities [N], entropies [N])
  choose_actions(logits [N, A], uniforms [N] float64) -> actions [N] int64
      The smallest action whose cumulative probability exceeds the uniform.
All but the last are differentiable.
"""


def tanh_layers(x: Tensor, first: int, w: List[Tensor]) -> Tensor:
    for i in range(MLP_LAYERS):
        x = torch.linear(x, w[first + 2 * i], w[first + 2 * i + 1])
        if i < MLP_LAYERS - 1:
            x = torch.tanh(x)
    return x


def action_logits(x: Tensor, w: List[Tensor]) -> Tensor:
    return tanh_layers(x, 0, w)


def values(x: Tensor, w: List[Tensor]) -> Tensor:
    return tanh_layers(x, 2 * MLP_LAYERS, w).squeeze(-1)


def action_log_probabilities(logits: Tensor, actions: Tensor) -> Tuple[Tensor, Tensor]:
    logp = torch.log_softmax(logits, -1)
    entropy = torch.neg(torch.sum(torch.exp(logp) * logp, [-1]))
    return (logp.gather(1, actions.unsqueeze(1)).squeeze(1), entropy)


def choose_actions(logits: Tensor, uniforms: Tensor) -> Tensor:
    cumulative = torch.cumsum(torch.softmax(logits.to(torch.float64), -1), -1)
    below = torch.le(cumulative, uniforms.unsqueeze(1))
    return torch.clamp_max(torch.sum(below, [1]), logits.size(1) - 1)
