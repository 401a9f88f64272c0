"""Drawing tokens from logits.

Shapes: L lanes, V vocabulary. The order is that of Hugging Face's generate: temperature, top-k, top-p.
"""


def cut(logits: Tensor, temperature: float, top_k: int, top_p: float) -> Tensor:
    """Log-probabilities [L, V] of the distribution that is sampled from; -inf for tokens cut off.

    top-k keeps every token tied with the k-th. top-p removes the low tail whose cumulated
    probability is at most 1 - top_p, and never the most likely token.
    """
    scores = logits
    if temperature != 1.0:
        scores = scores / temperature
    vocabulary = scores.size(-1)
    if 0 < top_k and top_k < vocabulary:
        kth = torch.topk(scores, top_k, -1)[0].narrow(-1, top_k - 1, 1)
        scores = torch.masked_fill(scores, torch.lt(scores, kth), -inf)
    if top_p < 1.0:
        ascending, order = torch.sort(scores, -1, False)
        tail = torch.le(torch.cumsum(torch.softmax(ascending, -1), -1), 1.0 - top_p)
        tail = torch.constant_pad_nd(tail.narrow(-1, 0, vocabulary - 1), [0, 1], False)
        removed = torch.scatter(torch.zeros_like(tail), -1, order, tail)
        scores = torch.masked_fill(scores, removed, -inf)
    return torch.log_softmax(scores, -1)


def draw(log_probs: Tensor, uniforms: Tensor) -> Tensor:
    """The tokens [L] at which the cumulated probabilities first exceed the uniforms [L, 1].

    In float64: with float32 the rarest tokens could never be drawn. A token of probability 0 is
    never drawn, for the threshold stays below the total.
    """
    cumulated = torch.cumsum(torch.exp(log_probs.to(torch.float64)), -1)
    total = cumulated.narrow(-1, cumulated.size(-1) - 1, 1)
    threshold = torch.minimum(uniforms * total, total * (1.0 - 2.3e-16))
    return torch.sum(torch.le(cumulated, threshold), [-1])
