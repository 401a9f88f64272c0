"""IMPACT (arXiv 1912.00167): PPO's clip with the ratio against a target network.

    r = π_θ(a|s) / max(π_target(a|s), β μ(a|s)),   ℓ = max(−A·r, −A·clip(r, 1 − ε, 1 + ε))

π_target is a copy of the policy from some updates ago, which stays while μ, the policy that acted,
changes from sampler to sampler. A = v − V are V-trace's errors with ρ = π_target/μ and the values
of the network being learned; r itself carries what the policy gradient makes up for. Constant:
LOG_TARGET_SHARE, log β.
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
    """Advantages, value targets and log of the ratio's denominator, [T, N] each."""
    advantages, errors = vtrace(rewards, values, next_values, valued, goes_on, target - behaviour)
    reference = torch.maximum(target, behaviour + LOG_TARGET_SHARE)
    return (errors, values + errors, reference)


def algorithm_loss(logp: Tensor, reference: Tensor, advantages: Tensor) -> Tuple[Tensor, Tensor]:
    """Loss of each row and whether its ratio was clipped."""
    return clipped_surrogate(logp - reference, advantages)
