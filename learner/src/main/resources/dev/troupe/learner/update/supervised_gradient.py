"""One micro-batch of supervised fine-tuning: forward, loss, gradient."""


class Program(Module):
    def supervised_gradient(
        self,
        flat: Tensor,  # [P] parameters
        read: List[Tensor],  # as token_gradient.py says
        rows: Tensor,  # [R]
        targets: Tensor,  # [R]
        weights: Tensor,  # [R] the aggregation of the whole step
    ) -> Tuple[Tensor, Tensor]:
        """Gradient of the micro-batch's share of the loss [P], and that share in float64 [1]."""
        logp_rows, entropy, tape = token_forward(flat, read, rows, targets, 1.0)
        torch.set_grad_enabled(True)
        logp = logp_rows.detach().requires_grad_(True)
        loss = supervised_loss(logp, weights)
        d_logp = loss_gradient(loss, logp)
        torch.set_grad_enabled(False)
        gradient = token_backward(flat, d_logp, torch.zeros_like(entropy), tape)
        return (gradient, loss.detach().to(torch.float64).view([1]))
