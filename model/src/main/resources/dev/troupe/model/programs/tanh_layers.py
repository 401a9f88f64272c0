"""Tanh layers of an actor and a critic that share nothing.

Constants from Java: FIRST_LAYER, place of the first parameter in `w`; MLP_LAYERS, the last one included.
A layer's parameters: weight [out, in] of the actor, of the critic, bias [out] of the actor, of the critic.
"""


def tanh_layers(x: Tensor, part: int, w: List[Tensor]) -> Tensor:
    """x [..., in] through the actor (part 0) or the critic (part 1): [..., outputs]."""
    return tanh_head(tanh_features(x, part, w), part, w)


def tanh_features(x: Tensor, part: int, w: List[Tensor]) -> Tensor:
    """What the last layer reads."""
    for i in range(MLP_LAYERS - 1):
        at = FIRST_LAYER + 4 * i + part
        x = torch.tanh(torch.linear(x, w[at], w[at + 2]))
    return x


def tanh_head(features: Tensor, part: int, w: List[Tensor]) -> Tensor:
    at = FIRST_LAYER + 4 * (MLP_LAYERS - 1) + part
    return torch.linear(features, w[at], w[at + 2])
