"""Linear recurrences backwards in time, which GAE, V-trace and discounted returns are."""


def discounted_sums(x: Tensor, carry: Tensor) -> Tensor:
    """S_t = x_t + carry_t · S_{t+1}, S_T = 0, for x and carry [T, N].

    By doubling: after each round a sum reaches twice as far, so that T steps take log₂ T rounds.
    """
    steps = x.size(0)
    sums = x.clone()
    span = 1
    while span < steps:
        near = steps - span
        sums.narrow(0, 0, near).add_(carry.narrow(0, 0, near) * sums.narrow(0, span, near))
        if 2 * span < steps:
            carry = carry.narrow(0, 0, near - span) * carry.narrow(0, span, near - span)
        span = 2 * span
    return sums


def later(x: Tensor, end: Tensor) -> Tensor:
    """x_{t+1} of x [T, N], with end [N] behind the last."""
    return torch.cat([x.narrow(0, 1, x.size(0) - 1), end.unsqueeze(0)])
