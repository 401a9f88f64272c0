class Program(Module):
    def policy(
        self,
        logp: Tensor,
        old_logp: Tensor,
        behaviour_logp: Tensor,
        reference_logp: Tensor,
        entropy: Tensor,
        advantages: Tensor,
        mask: Tensor,
        weights: Tensor,
    ) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        """Loss, its gradients for logp and entropy, clipped tokens."""
        torch.set_grad_enabled(True)
        leaf = logp.detach().requires_grad_(True)
        bonus = entropy.detach().requires_grad_(True)
        loss, clipped = policy_loss(leaf, old_logp, behaviour_logp, reference_logp, bonus, advantages, mask, weights)
        total = loss + 0. * torch.sum(bonus)
        gradients = torch.grad([total], [leaf, bonus])
        torch.set_grad_enabled(False)
        return (loss.detach(), unchecked_cast(Tensor, gradients[0]), unchecked_cast(Tensor, gradients[1]), clipped)

    def penalty(self, logp: Tensor, reference_logp: Tensor) -> Tuple[Tensor, Tensor]:
        """Every token's penalty, and the gradient of their sum."""
        torch.set_grad_enabled(True)
        leaf = logp.detach().requires_grad_(True)
        penalty = kl_penalty(leaf, reference_logp)
        gradients = torch.grad([torch.sum(penalty)], [leaf])
        torch.set_grad_enabled(False)
        return (penalty.detach(), unchecked_cast(Tensor, gradients[0]))

    def importance(self, old_logp: Tensor, behaviour_logp: Tensor, mask: Tensor) -> Tensor:
        return importance_weights(old_logp, behaviour_logp, mask)
