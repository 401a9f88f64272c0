"""Tanh layers of an actor and a critic that share nothing.

Constants from Java: FIRST_LAYER, place of the first parameter in `w`; MLP_LAYERS, the last one included.
A layer's parameters: weight [out, in] of the actor, of the critic, bias [out] of the actor, of the critic.
"""


def tanh_layers(x: Tensor, part: int, w: List[Tensor]) -> Tensor:
    """x [..., in] through the actor (part 0) or the critic (part 1): [..., outputs]."""
    for i in range(MLP_LAYERS):
        at = FIRST_LAYER + 4 * i + part
        x = torch.linear(x, w[at], w[at + 2])
        if i < MLP_LAYERS - 1:
            x = torch.tanh(x)
    return x
