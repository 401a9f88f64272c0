"""A choice among P.

  distribution_parameters(outputs [..., P], w) -> logits [..., P]
  distribution_of(outputs [..., P], spread [0]) -> the same
  distribution_backward(gradient [N, P]) -> gradients of outputs [N, P] and spread [0]
  action_log_probabilities(d [..., P], actions [..., 1] int64) -> (log-probabilities [...], entropies [...])
  distribution_kl(d, e) -> KL(d‖e) [...]
  choose_actions(d [N, P], noise [N, 1] float64) -> actions [N, 1] int64
      noise is uniform in [0, 1): the smallest action whose cumulative probability exceeds it.
  likely_actions(d [N, P]) -> actions [N, 1] int64
"""


def distribution_parameters(outputs: Tensor, w: List[Tensor]) -> Tensor:
    return outputs


def distribution_of(outputs: Tensor, spread: Tensor) -> Tensor:
    return outputs


def distribution_backward(d_parameters: Tensor) -> Tuple[Tensor, Tensor]:
    return (d_parameters, d_parameters.new_zeros([0]))


def action_log_probabilities(d: Tensor, actions: Tensor) -> Tuple[Tensor, Tensor]:
    logp = torch.log_softmax(d, -1)
    entropy = torch.neg(torch.sum(torch.exp(logp) * logp, [-1]))
    return (logp.gather(-1, actions).squeeze(-1), entropy)


def distribution_kl(d: Tensor, e: Tensor) -> Tensor:
    logp = torch.log_softmax(d, -1)
    return torch.sum(torch.exp(logp) * (logp - torch.log_softmax(e, -1)), [-1])


def choose_actions(d: Tensor, noise: Tensor) -> Tensor:
    cumulative = torch.cumsum(torch.softmax(d.to(torch.float64), -1), -1)
    below = torch.le(cumulative, noise)
    return torch.clamp_max(torch.sum(below, [-1], True), d.size(-1) - 1)


def likely_actions(d: Tensor) -> Tensor:
    return torch.argmax(d, -1, True)
