"""T steps of N lanes as a list of tensors, and what follows from their flags.

   0 observations [T, N, O] raw        6 inserted [T, N] bool, rows that next-step autoreset adds
   1 actions [T, N, K]                 7 last [N, O], observations after the last step
   2 behaviour [T, N] log μ            8 finals [F, O], last observations of episodes cut short
   3 rewards [T, N] raw                9 places [F, 2] of those episodes' last rows: t, n
   4 terminated [T, N] bool           10 state [N, S] before the first step
   5 truncated [T, N] bool            11 start_returns [N] float64, discounted, before the first step
"""


class Program(Module):
    def cut_short(self, terminated: Tensor, truncated: Tensor) -> Tensor:
        """Places [F, 2] of episodes that were cut short, in order of time."""
        return torch.nonzero(torch.logical_and(truncated, torch.logical_not(terminated)))

    def prepare(self, parts: List[Tensor]) -> List[Tensor]:
        """The same with choices as torch wants them."""
        prepared = annotate(List[Tensor], [])
        for i in range(len(parts)):
            if i == 1 and not torch.is_floating_point(parts[i]):
                prepared.append(parts[i].to(torch.int64))
            else:
                prepared.append(parts[i])
        return prepared

    def goes_on(self, a: List[Tensor], b: List[Tensor]) -> bool:
        """Whether b begins with the observations that a stopped at."""
        return torch.equal(a[7], b[0][0])

    def after(self, a: List[Tensor], b: List[Tensor]) -> List[Tensor]:
        """a and then b, which goes on where a stops."""
        both = annotate(List[Tensor], [])
        for i in range(7):
            both.append(torch.cat([a[i], b[i]]))
        both.append(b[7])
        both.append(torch.cat([a[8], b[8]]))
        offset = torch.tensor([a[3].size(0), 0], device=b[9].device)
        both.append(torch.cat([a[9], b[9] + offset]))
        both.append(a[10])
        both.append(a[11])
        return both

    def beside(self, a: List[Tensor], b: List[Tensor]) -> List[Tensor]:
        """a's lanes and then b's, of as many steps."""
        both = annotate(List[Tensor], [])
        for i in range(7):
            both.append(torch.cat([a[i], b[i]], 1))
        for i in range(7, 12):
            if i == 9:
                offset = torch.tensor([0, a[3].size(1)], device=b[9].device)
                both.append(torch.cat([a[9], b[9] + offset]))
            else:
                both.append(torch.cat([a[i], b[i]]))
        return both

    def pairs(self, experience: List[Tensor]) -> Tuple[Tensor, Tensor]:
        return pairs(experience)

    def trained_rows(self, experience: List[Tensor]) -> int:
        return int(torch.sum(torch.logical_not(experience[6])))


def pairs(experience: List[Tensor]) -> Tuple[Tensor, Tensor]:
    """Observations [1, B, O] and actions [1, B, K] of the rows that are trained on."""
    rows = torch.nonzero(torch.logical_not(experience[6]).view([-1])).view([-1])
    x = experience[0].flatten(0, 1).index_select(0, rows).unsqueeze(0)
    return (x, experience[1].flatten(0, 1).index_select(0, rows).unsqueeze(0))


def ends(experience: List[Tensor]) -> Tensor:
    """[T, N] bool: the episode ended with this row."""
    return torch.logical_or(experience[4], experience[5])


def first_rows(experience: List[Tensor]) -> Tensor:
    """[T, N] 1 where an observation is an episode's first, as far as the rows before it say."""
    inserted = experience[6]
    before = torch.logical_or(ends(experience), inserted)
    shifted = torch.cat([torch.zeros_like(before.narrow(0, 0, 1)), before.narrow(0, 0, before.size(0) - 1)])
    return torch.logical_and(shifted, torch.logical_not(inserted)).to(torch.float32)
