"""The critic's loss. Constant: VALUE_CLIP, 0 = off."""


def value_loss(values: Tensor, old_values: Tensor, targets: Tensor) -> Tensor:
    """½ (V − R)² of each row; with a clip c ½ max((V − R)², (V_old + clip(V − V_old, −c, c) − R)²)."""
    error = values - targets
    squares = error * error
    if VALUE_CLIP > 0.:
        near = old_values + torch.clamp(values - old_values, -VALUE_CLIP, VALUE_CLIP) - targets
        squares = torch.maximum(squares, near * near)
    return 0.5 * squares
