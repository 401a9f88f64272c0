"""K independent choices; constant from Java: COUNTS, alternatives of each.

P is the sum of COUNTS: logits lie one choice after the other.

  distribution_parameters(outputs [..., P], w) -> logits [..., P]
  distribution_of(outputs [..., P], spread [0]) -> the same
  distribution_backward(gradient [N, P]) -> gradients of outputs [N, P] and spread [0]
  action_log_probabilities(d [..., P], actions [..., K] int64) -> (log-probabilities [...], entropies [...])
  distribution_kl(d, e) -> KL(d‖e) [...]
  choose_actions(d [N, P], noise [N, K] float64) -> actions [N, K] int64
      noise is uniform in [0, 1): the smallest action whose cumulative probability exceeds it.
  likely_actions(d [N, P]) -> actions [N, K] int64
"""


def distribution_parameters(outputs: Tensor, w: List[Tensor]) -> Tensor:
    return outputs


def distribution_of(outputs: Tensor, spread: Tensor) -> Tensor:
    return outputs


def distribution_backward(d_parameters: Tensor) -> Tuple[Tensor, Tensor]:
    return (d_parameters, d_parameters.new_zeros([0]))


def action_log_probabilities(d: Tensor, actions: Tensor) -> Tuple[Tensor, Tensor]:
    counts = COUNTS
    chosen = annotate(List[Tensor], [])
    entropies = annotate(List[Tensor], [])
    first = 0
    for k in range(len(counts)):
        logp = torch.log_softmax(d.narrow(-1, first, counts[k]), -1)
        chosen.append(logp.gather(-1, actions.narrow(-1, k, 1)))
        entropies.append(torch.neg(torch.sum(torch.exp(logp) * logp, [-1], True)))
        first = first + counts[k]
    return (torch.sum(torch.cat(chosen, -1), [-1]), torch.sum(torch.cat(entropies, -1), [-1]))


def distribution_kl(d: Tensor, e: Tensor) -> Tensor:
    counts = COUNTS
    parts = annotate(List[Tensor], [])
    first = 0
    for k in range(len(counts)):
        logp = torch.log_softmax(d.narrow(-1, first, counts[k]), -1)
        logq = torch.log_softmax(e.narrow(-1, first, counts[k]), -1)
        parts.append(torch.sum(torch.exp(logp) * (logp - logq), [-1], True))
        first = first + counts[k]
    return torch.sum(torch.cat(parts, -1), [-1])


def choose_actions(d: Tensor, noise: Tensor) -> Tensor:
    counts = COUNTS
    chosen = annotate(List[Tensor], [])
    first = 0
    for k in range(len(counts)):
        cumulative = torch.cumsum(torch.softmax(d.narrow(-1, first, counts[k]).to(torch.float64), -1), -1)
        below = torch.le(cumulative, noise.narrow(-1, k, 1))
        chosen.append(torch.clamp_max(torch.sum(below, [-1], True), counts[k] - 1))
        first = first + counts[k]
    return torch.cat(chosen, -1)


def likely_actions(d: Tensor) -> Tensor:
    counts = COUNTS
    chosen = annotate(List[Tensor], [])
    first = 0
    for k in range(len(counts)):
        chosen.append(torch.argmax(d.narrow(-1, first, counts[k]), -1, True))
        first = first + counts[k]
    return torch.cat(chosen, -1)
