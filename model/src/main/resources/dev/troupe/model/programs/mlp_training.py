"""The policy of mlp.py with a hand-written backward pass: actor and critic go through together.

  policy_forward(x [T, N, O] raw, begins, state, flat [P], statistics) -> (distributions [T, N, P], values [T, N], tape)
  policy_backward(d_distributions, d_values, tape, flat [P]) -> gradient [P]

The hidden layers of both have the same widths and lie side by side in flat, so that the matrices of
a layer are one tensor [2, out, in] and a product of both is one call. Nothing is recorded by
autograd. The tape: what each layer reads, the actor's in [0] and the critic's in [1].

Constants: SIZES and COLUMNS of the parameters; HIDDEN, widths; OUTPUTS of the actor.
"""


def policy_forward(
    x: Tensor, begins: Tensor, state: Tensor, flat: Tensor, statistics: List[Tensor]
) -> Tuple[Tensor, Tensor, List[Tensor]]:
    rows = x.flatten(0, 1)
    if NORMALISED:
        rows = standardised(rows, statistics[0], statistics[1])
    h = rows.unsqueeze(0).expand([2, -1, -1])
    tape = [h]
    hidden = HIDDEN
    at = 0
    for width in hidden:
        w, b = layer_pair(flat, at, width, h.size(2))
        h = torch.baddbmm(b.unsqueeze(1), h, w.transpose(1, 2)).tanh_()
        tape.append(h)
        at = at + w.numel() + b.numel()
    actor, critic, biases = last_layer(flat, at, h.size(2))
    outputs = torch.addmm(biases.narrow(0, 0, OUTPUTS), h[0], actor.t())
    values = torch.mv(h[1], critic) + biases[OUTPUTS]
    spread = flat.narrow(0, at + (OUTPUTS + 1) * (h.size(2) + 1), LOG_STDS)
    d = distribution_of(outputs, spread).view([x.size(0), x.size(1), -1])
    return (d, values.view([x.size(0), x.size(1)]), tape)


def policy_backward(d_distributions: Tensor, d_values: Tensor, tape: List[Tensor], flat: Tensor) -> Tensor:
    d_outputs, d_spread = distribution_backward(d_distributions.flatten(0, 1))
    d_critic = d_values.flatten()
    hidden = HIDDEN
    layers = len(hidden)
    h = tape[layers]
    at = flat.numel() - LOG_STDS - (OUTPUTS + 1) * (h.size(2) + 1)
    actor, critic, biases = last_layer(flat, at, h.size(2))
    parts = [
        torch.mm(d_outputs.t(), h[0]).view([-1]),
        torch.mv(h[1].t(), d_critic),
        torch.sum(d_outputs, [0]),
        torch.sum(d_critic).view([1]),
        d_spread,
    ]
    dh = torch.stack([torch.mm(d_outputs, actor), torch.outer(d_critic, critic)])
    for back in range(layers):
        i = layers - 1 - back
        below = tape[i]
        dz = torch.tanh_backward(dh, tape[i + 1])
        at = at - 2 * hidden[i] * (below.size(2) + 1)
        w, b = layer_pair(flat, at, hidden[i], below.size(2))
        parts = [torch.bmm(dz.transpose(1, 2), below).view([-1]), torch.sum(dz, [1]).view([-1])] + parts
        if i > 0:
            dh = torch.bmm(dz, w)
    return torch.cat(parts)


def layer_pair(flat: Tensor, at: int, width: int, inputs: int) -> Tuple[Tensor, Tensor]:
    """Matrices [2, width, inputs] and biases [2, width] of actor and critic."""
    w = flat.narrow(0, at, 2 * width * inputs).view([2, width, inputs])
    return (w, flat.narrow(0, at + w.numel(), 2 * width).view([2, width]))


def last_layer(flat: Tensor, at: int, inputs: int) -> Tuple[Tensor, Tensor, Tensor]:
    """The actor's matrix [OUTPUTS, inputs], the critic's row [inputs], biases [OUTPUTS + 1] of both."""
    actor = flat.narrow(0, at, OUTPUTS * inputs).view([OUTPUTS, inputs])
    critic = flat.narrow(0, at + OUTPUTS * inputs, inputs)
    return (actor, critic, flat.narrow(0, at + (OUTPUTS + 1) * inputs, OUTPUTS + 1))
