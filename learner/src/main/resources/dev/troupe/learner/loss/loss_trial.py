"""Calls policy_loss as an update does, and tells what it returned."""


class Program(Module):
    def try_loss(
        self,
        values: Tensor,  # [8, B, A] the arguments of policy_loss
    ) -> Tuple[List[int], int, List[int], int, float, bool, bool, List[int]]:
        """Shape and dtype of the loss and of the clipped tokens, the loss, has it a gradient, is that
        finite, and which arguments were changed in place."""
        torch.set_grad_enabled(True)
        given = torch.unbind(values.clone())
        logp_leaf = given[0].detach().requires_grad_(True)
        entropy_leaf = given[4].detach().requires_grad_(True)
        logp = logp_leaf.clone()
        entropy = entropy_leaf.clone()
        loss, clipped = policy_loss(logp, given[1], given[2], given[3], entropy, given[5], given[6], given[7])
        number = 0.
        has_gradient = loss.requires_grad
        finite = True
        if has_gradient and loss.numel() == 1:
            for leaf in [logp_leaf, entropy_leaf]:
                gradient = torch.grad([loss], [leaf], None, True, False, True)[0]
                if gradient is not None:
                    if not bool(torch.all(torch.isfinite(unchecked_cast(Tensor, gradient)))):
                        finite = False
        torch.set_grad_enabled(False)
        if loss.numel() == 1 and not loss.is_complex():
            number = float(loss.detach().to(torch.float64))
        now = [logp, given[1], given[2], given[3], entropy, given[5], given[6], given[7]]
        changed = annotate(List[int], [])
        for i in range(len(now)):
            if not torch.equal(now[i].detach(), values[i]):
                changed.append(i)
        return (loss.size(), loss.dtype, clipped.size(), clipped.dtype, number, has_gradient, finite, changed)
