"""The clipped surrogate of PPO (arXiv 1707.06347). Constant: CLIP ε."""


def clipped_surrogate(log_ratio: Tensor, advantages: Tensor) -> Tuple[Tensor, Tensor]:
    """max(−A·r, −A·clip(r, 1 − ε, 1 + ε)) of each row, and whether r lies outside the range."""
    ratio = torch.exp(torch.clamp(log_ratio, -20., 20.))
    inside = torch.clamp(ratio, 1. - CLIP, 1. + CLIP)
    loss = torch.maximum(-advantages * ratio, -advantages * inside)
    return (loss, torch.ne(ratio, inside))
