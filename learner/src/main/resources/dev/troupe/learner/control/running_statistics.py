"""Mean and variance of all rows seen so far (Chan, Golub and LeVeque, 1979), in float64.

    δ = m_b − m,   n' = n + n_b,   m' = m + δ n_b / n',   v' = (v n + v_b n_b + δ² n n_b / n') / n'

v is the variance of the population; the beginning is m = 0, v = 1, n = 10⁻⁴.
"""


class Program(Module):
    def observe(self, mean: Tensor, variance: Tensor, count: Tensor, rows: Tensor) -> bool:
        """Takes in rows [..., D]; mean, variance [D] and count [1] are changed in place."""
        x = rows.to(torch.float64).view([-1, mean.size(0)])
        take_in(mean, variance, count, x)
        return True

    def observe_observations(self, mean: Tensor, variance: Tensor, count: Tensor, experience: List[Tensor]) -> bool:
        """Takes in the observations of an experience, but for rows that autoreset inserted."""
        x, actions = pairs(experience)
        return self.observe(mean, variance, count, x)

    def observe_returns(self, mean: Tensor, variance: Tensor, count: Tensor, experience: List[Tensor], discount: float) -> bool:
        """Takes in the discounted return at every row of an experience, but for inserted ones."""
        inserted = experience[6]
        starts = torch.logical_or(first_rows(experience) > 0., inserted)
        returns = discounted_returns(experience[3], starts, experience[11], discount)
        return self.observe(mean, variance, count, returns.masked_select(torch.logical_not(inserted)))


def discounted_returns(rewards: Tensor, starts: Tensor, before: Tensor, discount: float) -> Tensor:
    """R_t = γ R_{t−1} + r_t of rewards [T, N], where R_{t−1} = 0 before rows with starts [T, N].

    before [N] is the return before the first row.
    """
    x = rewards.to(torch.float64)
    carry = discount * (1. - starts.to(torch.float64))
    first = (x[0] + carry[0] * before).unsqueeze(0)
    x = torch.cat([first, x.narrow(0, 1, x.size(0) - 1)])
    return torch.flip(discounted_sums(torch.flip(x, [0]), torch.flip(carry, [0])), [0])


def take_in(mean: Tensor, variance: Tensor, count: Tensor, rows: Tensor) -> Tensor:
    fresh = rows.size(0)
    total = count + fresh
    delta = torch.mean(rows, [0]) - mean
    squares = variance * count + torch.var(rows, [0], False) * fresh + delta * delta * count * fresh / total
    mean.add_(delta * fresh / total)
    variance.copy_(squares / total)
    return count.copy_(total)
