"""The V-trace actor-critic of IMPALA (arXiv 1802.01561).

    ℓ = −A log π_θ(a|s),   ρ = π_old/μ

A and the value targets v are V-trace's. The policy of the moment when the update begins stands for
π; with one step an update, as in the paper, they are the same.
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
    advantages, errors = vtrace(rewards, values, next_values, valued, goes_on, old - behaviour)
    return (advantages, values + errors, old)


def algorithm_loss(logp: Tensor, reference: Tensor, advantages: Tensor) -> Tuple[Tensor, Tensor]:
    """Loss of each row; nothing is clipped."""
    return (-advantages * logp, torch.zeros_like(logp, dtype=torch.bool))
