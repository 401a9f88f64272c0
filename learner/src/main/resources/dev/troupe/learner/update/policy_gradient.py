"""One micro-batch of reinforcement learning: forward, loss, gradient, figures."""


class Program(Module):
    def gradient(
        self,
        flat: Tensor,  # [P] parameters
        read: List[Tensor],  # as token_gradient.py says
        rows: Tensor,  # [R]
        targets: Tensor,  # [R]
        slots: Tensor,  # [R] places in [B, A]
        values: Tensor,  # [6, B, A]: mask, weights, advantages, behaviour, old, reference log-probabilities
        old_is_current: bool,  # π_old = π_θ: the ratio is exactly 1
    ) -> Tuple[Tensor, Tensor]:
        """Gradient of the micro-batch's share of the loss [P], and its figures in float64 [11]."""
        mask, weights, advantages, behaviour, journaled, reference = torch.unbind(values)
        logp_rows, entropy_rows, tape = token_forward(flat, read, rows, targets, TEMPERATURE)
        torch.set_grad_enabled(True)
        logp_leaf = logp_rows.detach().requires_grad_(True)
        entropy_leaf = entropy_rows.detach().requires_grad_(True)
        logp = packed(logp_leaf, slots, mask)
        entropy = packed(entropy_leaf, slots, mask)
        if old_is_current:
            old = logp.detach()
        else:
            old = journaled
        loss, clipped = policy_loss(logp, old, behaviour, reference, entropy, advantages, mask, weights)
        d_logp = loss_gradient(loss, logp_leaf)
        d_entropy = loss_gradient(loss, entropy_leaf)
        torch.set_grad_enabled(False)
        # Where every advantage is 0, and nothing but advantages makes the loss, there is nothing to propagate.
        if bool(torch.any(d_logp)) or bool(torch.any(d_entropy)):
            gradient = token_backward(flat, d_logp, d_entropy, tape)
        else:
            gradient = torch.zeros_like(flat)
        figures = policy_figures(loss.detach(), logp.detach(), old, behaviour, reference, entropy.detach(), clipped, mask)
        return (gradient, figures)

    def log_probs(self, flat: Tensor, read: List[Tensor], rows: Tensor, targets: Tensor) -> Tensor:
        """Log-probabilities of the trained tokens [R], without gradient."""
        logp, entropy, tape = token_forward(flat, read, rows, targets, TEMPERATURE)
        return logp


def policy_figures(
    loss: Tensor,
    logp: Tensor,
    old: Tensor,
    behaviour: Tensor,
    reference: Tensor,
    entropy: Tensor,
    clipped: Tensor,
    mask: Tensor,
) -> Tensor:
    """Sums over trained tokens, but for the loss (0) and the largest ρ (10)."""
    log_ratio = logp - old
    log_drift = logp - behaviour
    rho = torch.exp((old - behaviour) * mask) * mask
    log_x = torch.clamp(reference - logp, -20.0, 20.0)
    sums = torch.stack(
        [
            entropy,
            clipped.to(torch.float32),
            torch.neg(log_ratio),
            torch.expm1(log_ratio) - log_ratio,
            torch.neg(log_drift),
            torch.expm1(log_drift) - log_drift,
            rho,
            rho * rho,
            torch.expm1(log_x) - log_x,
        ]
    )
    totals = torch.sum(sums * mask, [1, 2], False, dtype=torch.float64)
    ends = torch.stack([loss, torch.max(rho)]).to(torch.float64)
    return torch.cat([ends.narrow(0, 0, 1), totals, ends.narrow(0, 1, 1)])
