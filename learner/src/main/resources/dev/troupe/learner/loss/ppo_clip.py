"""The built-in loss `ppo-clip`, and the model for a loss file of your own (`learner.loss = my_loss.py`).

A loss file defines one function, `policy_loss`, with the arguments and the result below; it may
define other functions beside it. It is called once a micro-batch of B sequences with at most A trained
tokens each; every argument is [B, A], trained tokens packed to the left.

    logp            log π_θ of the tokens, with gradient; at the recipe's temperature
    old_logp        log π_old: what the ratio's denominator is (learner.old-policy)
    behaviour_logp  log μ: of the distribution that the tokens were sampled from
    reference_logp  log π_ref; zeros unless KL_COEFFICIENT > 0
    entropy         of π_θ at each place, with gradient
    advantages      estimated over the whole batch
    mask            1 for a trained token, 0 for padding
    weights         the aggregation: the loss of a batch is the sum of weights * token loss over all
                                    micro-batches; 0 in the padding

It returns the micro-batch's share of the loss, a scalar, and which tokens were clipped, [B, A] bool.

Constants of the recipe: CLIP_LOW, CLIP_HIGH, DUAL_CLIP (0. = off), IMPORTANCE ("none", "token",
"sequence"), IMPORTANCE_CAP, KL ("none", "k1", "k2", "k3"), KL_COEFFICIENT, ENTROPY_COEFFICIENT.
"""


def policy_loss(
        logp: Tensor,
        old_logp: Tensor,
        behaviour_logp: Tensor,
        reference_logp: Tensor,
        entropy: Tensor,
        advantages: Tensor,
        mask: Tensor,
        weights: Tensor,
) -> Tuple[Tensor, Tensor]:
    """PPO's clipped surrogate (arXiv 1707.06347), clip-higher (2503.14476), dual clip (1912.09729).

    ℓ = max(−A·r, −A·clip(r, 1−ε_low, 1+ε_high)),  r = π_θ/π_old;  where A < 0, at most −c·A
    ℓ ← w·ℓ + β·KL(π_θ‖π_ref) − η·H,               w: truncated importance weight of π_old/μ
    """
    ratio = torch.exp(torch.clamp(logp - old_logp, -20., 20.))
    unclipped = -advantages * ratio
    clipped = -advantages * torch.clamp(ratio, 1. - CLIP_LOW, 1. + CLIP_HIGH)
    was_clipped = torch.gt(clipped, unclipped)
    loss = torch.maximum(unclipped, clipped)
    if DUAL_CLIP > 0.:
        loss = torch.where(torch.lt(advantages, 0.), torch.minimum(loss, -advantages * DUAL_CLIP), loss)
    if IMPORTANCE != "none":
        loss = loss * importance_weights(old_logp, behaviour_logp, mask)
    if KL_COEFFICIENT > 0.:
        loss = loss + KL_COEFFICIENT * kl_penalty(logp, reference_logp)
    if ENTROPY_COEFFICIENT > 0.:
        loss = loss - ENTROPY_COEFFICIENT * entropy
    return (torch.sum(loss * weights), was_clipped)


def importance_weights(old_logp: Tensor, behaviour_logp: Tensor, mask: Tensor) -> Tensor:
    """Truncated importance sampling: min(ρ, cap), ρ = π_old/μ of the token or of its whole sequence."""
    log_rho = (old_logp - behaviour_logp) * mask
    if IMPORTANCE == "sequence":
        log_rho = torch.sum(log_rho, [-1], True).expand_as(log_rho)
    return torch.clamp(torch.exp(torch.clamp(log_rho, -20., 20.)), None, IMPORTANCE_CAP).detach()


def kl_penalty(logp: Tensor, reference_logp: Tensor) -> Tensor:
    """Estimators of KL(π_θ‖π_ref) from samples of π_θ (J. Schulman, "Approximating KL divergence").

    k1 = −log x, k2 = ½ (log x)², k3 = x − 1 − log x,  x = π_ref/π_θ
    log x is cut to ±20 and k3 to ±10: beyond, its gradient is zero.
    """
    log_x = reference_logp - logp
    if KL == "k1":
        penalty = -log_x
    elif KL == "k2":
        penalty = 0.5 * log_x * log_x
    elif KL == "k3":
        cut = torch.clamp(log_x, -20., 20.)
        penalty = torch.clamp(torch.exp(cut) - cut - 1., -10., 10.)
    else:
        penalty = torch.zeros_like(logp)
    return penalty
