"""A Llama-family decoder: RMSNorm, rotary positions, grouped-query attention, SwiGLU, tied or untied head.

Constants from Java: LAYERS, HEADS, KV_HEADS, HEAD_SIZE, POSITIONS, ROPE_THETA, NORM_EPSILON, TIED,
ATTENTION_BIAS, FEED_FORWARD_BIAS, ROPE_FACTOR (1. = frequencies as they are), ROPE_LOW, ROPE_HIGH,
ROPE_POSITIONS, ONEDNN.
Shapes: B sequences, T positions, R rows, H hidden, V vocabulary, L lanes, C capacity, D head size,
Q query heads, K key/value heads, G = Q / K.

Weights `w` come in the order of DecoderNetwork.layout():
  0 embedding [V, H]; then for each layer
  q [Q*D, H], k [K*D, H], v [K*D, H], o [H, Q*D], gate [F, H], up [F, H], down [H, F],
  norm before attention [H], norm before the feed-forward [H]; then the last norm [H],
  and the head [V, H] unless it is tied to the embedding; then, where there are any, the biases of
  q, k, v, o for each layer, and those of gate, up, down for each layer.

For training
  hidden_states(tokens [B, T] int64, w) -> [B, T, H]
      Right-padded: a position never sees what follows it, so padding needs no mask.
  next_token_log_probabilities(hidden [B, T, H], tokens [B, T], rows [R], temperature, w)
      -> (log-probabilities [R], entropies [R])
      Row b * T + t is the distribution over tokens[b, t + 1] given what precedes it; t + 1 < T.
      Logits are made for these rows only.
  Both are differentiable.
"""


def layer_weight(layer: int, kind: int, w: List[Tensor]) -> Tensor:
    return w[1 + 9 * layer + kind]


def head_weight(w: List[Tensor]) -> Tensor:
    head = w[0]
    if not TIED:
        head = w[2 + 9 * LAYERS]
    return head


def has_bias(kind: int) -> bool:
    biased = FEED_FORWARD_BIAS
    if kind < 4:
        biased = ATTENTION_BIAS
    return biased


def bias_index(layer: int, kind: int) -> int:
    """Of the bias of layer_weight(layer, kind, w), where there is one."""
    i = 2 + 9 * LAYERS
    if not TIED:
        i = i + 1
    if kind < 4:
        i = i + 4 * layer + kind
    else:
        if ATTENTION_BIAS:
            i = i + 4 * LAYERS
        i = i + 3 * layer + kind - 4
    return i


def layer_linear(x: Tensor, layer: int, kind: int, w: List[Tensor]) -> Tensor:
    y = torch.linear(x, layer_weight(layer, kind, w))
    if has_bias(kind):
        y = y + w[bias_index(layer, kind)]
    return y


def rms_norm(x: Tensor, weight: Tensor) -> Tensor:
    return torch.rms_norm(x, [x.size(-1)], weight, NORM_EPSILON)


def rotary_angles(positions: int, like: Tensor) -> Tensor:
    """Angle of every position and pair of head dimensions, [positions, D / 2]."""
    pairs = torch.arange(0, HEAD_SIZE, 2, dtype=torch.float32, device=like.device)
    frequencies = torch.reciprocal(torch.pow(ROPE_THETA, pairs / HEAD_SIZE))
    if ROPE_FACTOR != 1.0:
        frequencies = scaled(frequencies)
    return torch.outer(torch.arange(positions, dtype=torch.float32, device=like.device), frequencies)


def scaled(frequencies: Tensor) -> Tensor:
    """Llama 3's rope scaling: slow turns, of which fewer than ROPE_LOW fit into ROPE_POSITIONS, are
    slowed ROPE_FACTOR times, quick ones (more than ROPE_HIGH) are left, and between the two it is mixed."""
    turns = frequencies * (ROPE_POSITIONS / 6.283185307179586)
    quick = torch.clamp((turns - ROPE_LOW) / (ROPE_HIGH - ROPE_LOW), 0.0, 1.0)
    return frequencies * (quick + (1.0 - quick) / ROPE_FACTOR)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotates the pairs (i, i + D / 2) of x [..., T, D] by the angles of cos, sin [T, D / 2]."""
    a, b = torch.chunk(x, 2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def hidden_states(tokens: Tensor, w: List[Tensor]) -> Tensor:
    B, T = tokens.size(0), tokens.size(1)
    x = torch.embedding(w[0], tokens)
    angles = rotary_angles(T, x)
    cos = torch.cos(angles).to(x.dtype)
    sin = torch.sin(angles).to(x.dtype)
    for layer in range(LAYERS):
        h = rms_norm(x, layer_weight(layer, 7, w))
        q = layer_linear(h, layer, 0, w).view([B, T, HEADS, HEAD_SIZE]).transpose(1, 2)
        k = layer_linear(h, layer, 1, w).view([B, T, KV_HEADS, HEAD_SIZE]).transpose(1, 2)
        v = layer_linear(h, layer, 2, w).view([B, T, KV_HEADS, HEAD_SIZE]).transpose(1, 2)
        q = rotate(q, cos, sin)
        k = rotate(k, cos, sin)
        a = torch.scaled_dot_product_attention(
            q, k, v, None, 0.0, True, scale=None, enable_gqa=True
        )
        a = a.transpose(1, 2).reshape([B, T, HEADS * HEAD_SIZE])
        x = x + layer_linear(a, layer, 3, w)
        h = rms_norm(x, layer_weight(layer, 8, w))
        gate = torch.silu(layer_linear(h, layer, 4, w))
        up = layer_linear(h, layer, 5, w)
        x = x + layer_linear(gate * up, layer, 6, w)
    return rms_norm(x, w[1 + 9 * LAYERS])


def next_token_log_probabilities(
    hidden: Tensor, tokens: Tensor, rows: Tensor, temperature: float, w: List[Tensor]
) -> Tuple[Tensor, Tensor]:
    h = hidden.view([-1, hidden.size(2)]).index_select(0, rows)
    targets = tokens.view([-1]).index_select(0, rows + 1)
    logits = torch.linear(h, head_weight(w)).to(torch.float32)
    logp = torch.log_softmax(logits / temperature, -1)
    entropy = torch.neg(torch.sum(torch.exp(logp) * logp, [-1]))
    return (logp.gather(1, targets.unsqueeze(1)).squeeze(1), entropy)
