"""One micro-batch of reinforcement learning: forward, loss, gradient, figures."""


class Program(Module):
    def gradient(
        self,
        flat: Tensor,  # [P] parameters
        tokens: Tensor,  # [B, T]
        predictors: Tensor,  # [B, A]
        targets: Tensor,  # [B, A]
        values: Tensor,  # [6, B, A]: mask, weights, advantages, behaviour, old, reference log-probabilities
        old_is_current: bool,  # π_old = π_θ: the ratio is exactly 1
    ) -> Tuple[Tensor, Tensor]:
        """Gradient of the micro-batch's share of the loss [P], and its figures in float64 [11]."""
        torch.set_grad_enabled(True)
        leaf = flat.detach().requires_grad_(True)
        logits = trained_logits(leaf, tokens, predictors)
        logprobs = torch.log_softmax(tempered(logits), -1)
        logp = chosen(logprobs, targets)
        if ENTROPY_COEFFICIENT > 0.:
            entropy = token_entropy(logprobs, targets)
        else:
            entropy = token_entropy(logprobs.detach(), targets)
        mask, weights, advantages, behaviour, journaled, reference = torch.unbind(values)
        if old_is_current:
            old = logp.detach()
        else:
            old = journaled
        loss, clipped = policy_loss(logp, old, behaviour, reference, entropy, advantages, mask, weights)
        gradient = unchecked_cast(Tensor, torch.grad([loss], [leaf])[0])
        torch.set_grad_enabled(False)
        figures = policy_figures(loss.detach(), logp.detach(), old, behaviour, reference, entropy.detach(), clipped, mask)
        return (gradient, figures)

    def log_probs(self, flat: Tensor, tokens: Tensor, predictors: Tensor, targets: Tensor) -> Tensor:
        """Log-probabilities of the trained tokens [B, A], without gradient."""
        logits = trained_logits(flat, tokens, predictors)
        return chosen(torch.log_softmax(tempered(logits), -1), targets)

    def split(self, flat: Tensor) -> List[Tensor]:
        """Views of all parameters."""
        return unflatten(flat)

    def join(self, parameters: List[Tensor]) -> Tensor:
        """All parameters end to end, in float32: a copy."""
        flat = annotate(List[Tensor], [])
        for each in parameters:
            torch.append(flat, torch.flatten(each).to(torch.float32))
        return torch.cat(flat)

    def zeros(self, like: Tensor) -> Tensor:
        return torch.zeros_like(like)


def token_entropy(logprobs: Tensor, targets: Tensor) -> Tensor:
    """−Σ p log p of every row of [B·A, V], as [B, A]."""
    return torch.view(-torch.sum(torch.exp(logprobs) * logprobs, [-1]), torch.size(targets))


def policy_figures(
        loss: Tensor, logp: Tensor, old: Tensor, behaviour: Tensor, reference: Tensor,
        entropy: Tensor, clipped: Tensor, mask: Tensor) -> Tensor:
    """Sums over trained tokens, but for the loss (0) and the largest ρ (10)."""
    log_ratio = logp - old
    log_drift = logp - behaviour
    log_rho = (old - behaviour) * mask
    rho = torch.exp(log_rho) * mask
    log_x = torch.clamp(reference - logp, -20., 20.)
    sums = torch.stack([
            entropy,
            clipped.to(torch.float32),
            -log_ratio,
            torch.expm1(log_ratio) - log_ratio,
            -log_drift,
            torch.expm1(log_drift) - log_drift,
            rho,
            rho * rho,
            torch.expm1(log_x) - log_x])
    totals = torch.sum(sums * mask, [1, 2], False, dtype=torch.float64)
    ends = torch.stack([loss, torch.max(rho)]).to(torch.float64)
    return torch.cat([ends[:1], totals, ends[1:]])
