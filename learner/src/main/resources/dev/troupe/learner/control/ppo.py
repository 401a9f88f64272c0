"""Proximal policy optimization (arXiv 1707.06347).

    r = π_θ(a|s) / π_old(a|s),   ℓ = max(−A·r, −A·clip(r, 1 − ε, 1 + ε))

A is GAE's with values of the network as it is when the update begins; π_old is the policy of that
moment, computed again, so that the first step has r = 1 whoever acted.
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
    """Advantages, value targets and log π of the ratio's denominator, [T, N] each."""
    advantages, targets = gae(rewards, values, next_values, valued, goes_on)
    return (advantages, targets, old)


def algorithm_loss(logp: Tensor, reference: Tensor, advantages: Tensor) -> Tuple[Tensor, Tensor]:
    """Loss of each row and whether its ratio was clipped."""
    return clipped_surrogate(logp - reference, advantages)
