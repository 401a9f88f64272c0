"""Gradients of any network by autograd."""


def policy_forward(x: Tensor, begins: Tensor, state: Tensor, flat: Tensor, statistics: List[Tensor]) -> Tuple[Tensor, Tensor, List[Tensor]]:
    """Distributions [T, N, P] and values [T, N], and what policy_backward needs of this pass."""
    torch.set_grad_enabled(True)
    leaf = flat.detach().requires_grad_(True)
    d, v = policy_sequence(x, begins, state, unflatten(leaf) + statistics)
    torch.set_grad_enabled(False)
    return (d.detach(), v.detach(), [leaf, d, v])


def policy_backward(d_distribution: Tensor, d_values: Tensor, tape: List[Tensor], flat: Tensor) -> Tensor:
    """Gradient [P] of what has these gradients by distributions and values."""
    torch.set_grad_enabled(True)
    product = torch.sum(tape[1] * d_distribution) + torch.sum(tape[2] * d_values)
    gradient = unchecked_cast(Tensor, torch.grad([product], [tape[0]])[0])
    torch.set_grad_enabled(False)
    return gradient
