"""A policy with memory: an LSTM or GRU cell that actor and critic share, then tanh layers of their own.

Constants from Java: CELL, "lstm" or "gru"; CELL_WIDTH, H.
w[0] to w[3] are the cell's weight_ih [4H or 3H, O], weight_hh [4H or 3H, H], bias_ih, bias_hh as PyTorch has them.
A state is h [N, H], for an LSTM followed by c [N, H].

  policy_step(x [N, O] raw, state [N, S], w) -> (distribution [N, P], state after it)
  policy_values(x [N, O] raw, state [N, S], w) -> [N]
  policy_sequence(x [T, N, O] raw, begins [T, N], state [N, S], w) -> (distributions [T, N, P], values [T, N])
  policy_states(x [T, N, O] raw, begins [T, N], state [N, S], w) -> states after each step [T, N, S]
All are differentiable. Where begins is 1, the observation is an episode's first and the state before it is zero.
"""


def cell(x: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
    """The state after x [N, O], which is prepared."""
    if CELL == "lstm":
        h, c = torch.lstm_cell(x, [state.narrow(1, 0, CELL_WIDTH), state.narrow(1, CELL_WIDTH, CELL_WIDTH)], w[0], w[1], w[2], w[3])
        state = torch.cat([h, c], 1)
    else:
        state = torch.gru_cell(x, state, w[0], w[1], w[2], w[3])
    return state


def policy_states(x: Tensor, begins: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
    x = prepared(x, w)
    keep = (1. - begins).unsqueeze(-1)
    states = annotate(List[Tensor], [])
    for t in range(x.size(0)):
        state = cell(x[t], state * keep[t], w)
        states.append(state)
    return torch.stack(states)


def policy_step(x: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
    state = cell(prepared(x, w), state, w)
    return (distribution_parameters(tanh_layers(state.narrow(-1, 0, CELL_WIDTH), 0, w), w), state)


def policy_values(x: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
    state = cell(prepared(x, w), state, w)
    return tanh_layers(state.narrow(-1, 0, CELL_WIDTH), 1, w).squeeze(-1)


def policy_sequence(x: Tensor, begins: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
    hidden = policy_states(x, begins, state, w).narrow(-1, 0, CELL_WIDTH)
    return (distribution_parameters(tanh_layers(hidden, 0, w), w), tanh_layers(hidden, 1, w).squeeze(-1))
