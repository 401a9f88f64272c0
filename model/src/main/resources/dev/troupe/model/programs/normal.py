"""K independent normals whose standard deviations don't depend on the observation.

Constant from Java: LOG_STD, place of their logarithms [K] in `w`. P = 2K: means, then logarithms.

  distribution_parameters(outputs [..., K], w) -> [..., 2K]
  distribution_of(outputs [..., K], log_std [K]) -> the same
  distribution_backward(gradient [N, 2K]) -> gradients of outputs [N, K] and log_std [K]
  action_log_probabilities(d [..., 2K], actions [..., K]) -> (log-densities [...], entropies [...])
  distribution_kl(d, e) -> KL(d‖e) [...]
  choose_actions(d [N, 2K], noise [N, K] float64) -> actions [N, K]
      noise is standard normal.
  likely_actions(d [N, 2K]) -> means [N, K]
"""


def distribution_parameters(outputs: Tensor, w: List[Tensor]) -> Tensor:
    return distribution_of(outputs, w[LOG_STD])


def distribution_of(outputs: Tensor, log_std: Tensor) -> Tensor:
    return torch.cat([outputs, log_std.expand_as(outputs)], -1)


def distribution_backward(d_parameters: Tensor) -> Tuple[Tensor, Tensor]:
    d_outputs, d_log_std = torch.chunk(d_parameters, 2, -1)
    return (d_outputs, torch.sum(d_log_std, [0]))


def action_log_probabilities(d: Tensor, actions: Tensor) -> Tuple[Tensor, Tensor]:
    mean, log_std = torch.chunk(d, 2, -1)
    z = (actions - mean) * torch.exp(-log_std)
    logp = torch.neg(torch.sum(0.5 * z * z + log_std + 0.9189385332046727, [-1]))  # ½ ln 2π
    return (logp, torch.sum(log_std + 1.4189385332046727, [-1]))  # ½ + ½ ln 2π


def distribution_kl(d: Tensor, e: Tensor) -> Tensor:
    mean, log_std = torch.chunk(d, 2, -1)
    other, log_other = torch.chunk(e, 2, -1)
    distance = mean - other
    squares = (torch.exp(2. * log_std) + distance * distance) * torch.exp(-2. * log_other)
    return torch.sum(log_other - log_std + 0.5 * squares - 0.5, [-1])


def choose_actions(d: Tensor, noise: Tensor) -> Tensor:
    mean, log_std = torch.chunk(d, 2, -1)
    return mean + torch.exp(log_std) * noise.to(mean.dtype)


def likely_actions(d: Tensor) -> Tensor:
    return torch.chunk(d, 2, -1)[0]
