"""Advantage actor-critic, the synchronous form of A3C (arXiv 1602.01783).

    ℓ = −A log π_θ(a|s)

A is GAE's; with λ = 1 it is the n-step return less the value, as in the paper.
"""


def algorithm_targets(
    rewards: Tensor,
    values: Tensor,
    next_values: Tensor,
    valued: Tensor,
    goes_on: Tensor,
    old: Tensor,
    behaviour: Tensor,
    target: Tensor,
) -> Tuple[Tensor, Tensor, Tensor]:
    """Advantages, value targets and log π_old, [T, N] each."""
    advantages, targets = gae(rewards, values, next_values, valued, goes_on)
    return (advantages, targets, old)


def algorithm_loss(logp: Tensor, reference: Tensor, advantages: Tensor) -> Tuple[Tensor, Tensor]:
    """Loss of each row; nothing is clipped."""
    return (-advantages * logp, torch.zeros_like(logp, dtype=torch.bool))
