"""One micro-batch of supervised fine-tuning: forward, loss, gradient, figures."""


class Program(Module):
    def supervised_gradient(
        self,
        flat: Tensor,  # [P] parameters
        tokens: Tensor,  # [B, T]
        predictors: Tensor,  # [B, A]
        targets: Tensor,  # [B, A]
        values: Tensor,  # [2, B, A]: mask, weights
    ) -> Tuple[Tensor, Tensor]:
        """Gradient of the micro-batch's share of the loss [P]; loss and tokens guessed right [2]."""
        torch.set_grad_enabled(True)
        leaf = flat.detach().requires_grad_(True)
        logits = trained_logits(leaf, tokens, predictors)
        logp = chosen(torch.log_softmax(logits, -1), targets)
        mask, weights = torch.unbind(values)
        loss = supervised_loss(logp, weights)
        gradient = unchecked_cast(Tensor, torch.grad([loss], [leaf])[0])
        torch.set_grad_enabled(False)
        right = torch.eq(torch.argmax(logits.detach(), -1), torch.flatten(targets))
        figures = torch.stack([loss.detach(), torch.sum(right.to(torch.float32) * torch.flatten(mask))])
        return (gradient, figures.to(torch.float64))
