"""PROPS (arXiv 2311.08290): a behaviour policy whose data look on-policy.

    r = π_φ(a|s) / π_θ(a|s) on pairs that were collected, φ ← θ at the beginning
    minimise mean max(r, clip(r, 1 − ε, 1 + ε)) + λ KL(π_φ‖π_θ)
    stop when mean[(r − 1) − log r] > δ

What was collected becomes less likely, so that what is missing catches up; where r < 1 − ε nothing
more is gained. KL is a mean over the numbers of an action, as in the authors' code. ROS, its
ancestor, is one step of plain gradient descent over everything: φ = θ − α mean ∇ log π_θ(a|s).
"""


def adjustment_loss(
    d: Tensor, d_theta: Tensor, logp_theta: Tensor, actions: Tensor, clip: float, kl_coefficient: float
) -> Tuple[Tensor, Tensor, Tensor]:
    """Loss, KL(π_φ‖π_θ) and the stop statistic of rows under φ (d) and θ."""
    logp, entropy = action_log_probabilities(d, actions)
    log_ratio = logp - logp_theta
    ratio = torch.exp(log_ratio)
    loss = torch.mean(torch.maximum(ratio, torch.clamp(ratio, 1. - clip, 1. + clip)))
    kl = torch.mean(distribution_kl(d, d_theta)) / actions.size(-1)
    statistic = torch.mean(torch.expm1(log_ratio) - log_ratio)
    if kl_coefficient > 0.:
        loss = loss + kl_coefficient * kl
    return (loss, kl.detach(), statistic.detach())
