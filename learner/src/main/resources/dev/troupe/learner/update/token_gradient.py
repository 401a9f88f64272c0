"""From log-probabilities of trained tokens to the gradient of all parameters, in float32 or bfloat16.

R trained tokens: rows [R] says which of the N tokens that are read predict them, targets [R] which they are.
In float32 `read` is what decoder_training.py reads, each distinct prefix once; in bfloat16, which goes
through autograd, it holds plain rows: tokens [B, T] alone, N = B·T.
"""


def token_forward(flat: Tensor, read: List[Tensor], rows: Tensor, targets: Tensor, temperature: float) -> Tuple[Tensor, Tensor, List[List[Tensor]]]:
    """Log-probabilities [R] and entropies [R], and what token_backward needs of this pass."""
    if COMPUTE == "bfloat16":
        torch.set_grad_enabled(True)
        leaf = flat.detach().requires_grad_(True)
        weights = unflatten(leaf.to(torch.bfloat16))
        hidden = hidden_states(read[0], weights).flatten(0, 1).index_select(0, rows)
        logits = torch.linear(hidden, head_weight(weights)).to(torch.float32)
        logprobs = torch.log_softmax(logits / temperature, -1)
        logp = logprobs.gather(1, targets.unsqueeze(1)).squeeze(1)
        entropy = torch.neg(torch.sum(torch.exp(logprobs) * logprobs, [-1]))
        tape = [[leaf, logp, entropy]]
        torch.set_grad_enabled(False)
    else:
        logp, entropy, tape = shared_forward(read, rows, targets, temperature, unflatten(flat))
    return (logp.detach(), entropy.detach(), tape)


def token_backward(flat: Tensor, d_logp: Tensor, d_entropy: Tensor, tape: List[List[Tensor]]) -> Tensor:
    """Gradient [P] in float32 of what has gradients d_logp [R] and d_entropy [R]."""
    if COMPUTE == "bfloat16":
        leaf, logp, entropy = tape[0][0], tape[0][1], tape[0][2]
        torch.set_grad_enabled(True)
        product = torch.dot(logp, d_logp) + torch.dot(entropy, d_entropy)
        gradient = unchecked_cast(Tensor, torch.grad([product], [leaf])[0])
        torch.set_grad_enabled(False)
    else:
        gradient = flatten(policy_backward(d_logp, d_entropy, tape, unflatten(flat)))
    return gradient


def loss_gradient(loss: Tensor, leaf: Tensor) -> Tensor:
    """Gradient of a loss that may not depend on leaf; the graph is kept."""
    gradient = torch.grad([loss], [leaf], None, True, False, True)[0]
    if gradient is None:
        result = torch.zeros_like(leaf)
    else:
        result = gradient
    return result


def packed(values: Tensor, slots: Tensor, like: Tensor) -> Tensor:
    """values [R] at their places in a rectangle [B, A]; zeros elsewhere."""
    return torch.zeros([like.numel()], dtype=values.dtype, device=values.device).index_put([slots], values).view(like.size())
