"""V-trace (arXiv 1802.01561): values and advantages of one policy from steps of another.

    ρ_t = π(a_t|s_t) / μ(a_t|s_t)
    δ_t = min(ρ̄, ρ_t) (r_t + γ V(s_{t+1}) − V(s_t)),   c_t = λ min(c̄, ρ_t)
    v_t − V(s_t) = δ_t + γ c_t (v_{t+1} − V(s_{t+1}))
    A_t = min(ρ̄_pg, ρ_t) (r_t + γ (λ v_{t+1} + (1 − λ) V(s_{t+1})) − V(s_t))

The paper has λ only in c; here, as in rlax, it also mixes what A_t looks ahead to. Constants:
DISCOUNT γ, LAMBDA λ, RHO_CAP ρ̄, TRACE_CAP c̄, ADVANTAGE_CAP ρ̄_pg.
"""


def vtrace(
    rewards: Tensor,  # [T, N]
    values: Tensor,  # [T, N] V(s_t)
    next_values: Tensor,  # [T, N] V(s_{t+1}); of the final observation where an episode ended
    valued: Tensor,  # [T, N] 1 where V(s_{t+1}) counts, 0 where it is an end
    goes_on: Tensor,  # [T, N] 1 where row t + 1 belongs to the same episode
    log_rho: Tensor,  # [T, N]
) -> Tuple[Tensor, Tensor]:
    """Advantages A and errors v − V, [T, N] each."""
    rho = torch.exp(torch.clamp(log_rho, -20., 20.))
    ahead = DISCOUNT * valued * next_values
    delta = torch.clamp_max(rho, RHO_CAP) * (rewards + ahead - values)
    carry = DISCOUNT * goes_on * LAMBDA * torch.clamp_max(rho, TRACE_CAP)
    errors = discounted_sums(delta, carry)
    later_errors = DISCOUNT * goes_on * LAMBDA * later(errors, torch.zeros_like(errors[0]))
    advantages = torch.clamp_max(rho, ADVANTAGE_CAP) * (rewards + ahead + later_errors - values)
    return (advantages, errors)
