"""Asynchronous PPO: PPO's clip on V-trace's advantages.

    r = π_θ(a|s) / π_old(a|s),   ρ = π_old/μ,   ℓ = max(−A·r, −A·clip(r, 1 − ε, 1 + ε))

V-trace's A carries min(ρ̄_pg, ρ), which makes up for the steps between μ and π_old; the clip bounds
those between π_old and π_θ.
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
    advantages, errors = vtrace(rewards, values, next_values, valued, goes_on, old - behaviour)
    return (advantages, values + errors, old)


def algorithm_loss(logp: Tensor, reference: Tensor, advantages: Tensor) -> Tuple[Tensor, Tensor]:
    """Loss of each row and whether its ratio was clipped."""
    return clipped_surrogate(logp - reference, advantages)
