"""Generalized advantage estimation (arXiv 1506.02438).

    δ_t = r_t + γ V(s_{t+1}) − V(s_t)
    A_t = δ_t + γ λ A_{t+1},   R_t = A_t + V(s_t)

Within an episode that ended at t nothing follows: A_{t+1} is 0, and so is V(s_{t+1}) where it
terminated. Constants: DISCOUNT γ, LAMBDA λ.
"""


def gae(
    rewards: Tensor,  # [T, N]
    values: Tensor,  # [T, N] V(s_t)
    next_values: Tensor,  # [T, N] V(s_{t+1}); of the final observation where an episode ended
    valued: Tensor,  # [T, N] 1 where V(s_{t+1}) counts, 0 where it is an end
    goes_on: Tensor,  # [T, N] 1 where row t + 1 belongs to the same episode
) -> Tuple[Tensor, Tensor]:
    """Advantages and value targets, [T, N] each."""
    delta = rewards + DISCOUNT * valued * next_values - values
    advantages = discounted_sums(delta, DISCOUNT * LAMBDA * goes_on)
    return (advantages, advantages + values)
