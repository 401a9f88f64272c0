"""The decoder of decoder.py with a hand-written backward pass.

  policy_forward(tokens [B, T] int64, rows [R], temperature, w)
      -> (log-probabilities [R], entropies [R], tape)
      Right-padded tokens. Row b * T + t is the distribution over tokens[b, t + 1]; t + 1 < T.
  policy_forward_to(tokens [B, T] int64, rows [R], targets [R], temperature, w)
      The same with the tokens to predict given apart, so that the last one needs no place in T.
  policy_backward(d_logp [R], d_entropy [R], tape, w) -> gradients in the order of w

Gradients of anything computed from log-probabilities and entropies take three steps:
  logp, entropy, tape = policy_forward(tokens, rows, temperature, w)
  (with gradients on) loss from leaves made of logp and entropy, torch.grad([loss], leaves)
  policy_backward(those gradients, tape, w)

Nothing here is recorded by autograd, which saves its bookkeeping and lets every matrix product
take oneDNN's kernels (see `dense`). Three rewritings keep passes over activations few: the gain of
a norm is folded into the rows of the matrices that follow it, queries and keys come from one
matrix with values, and the rows of a head are interleaved so that a rotation is a product of
complex numbers. All are undone on the gradients.

N = B * T; tape of a layer: h, scale, q, k, v, p, o, h2, scale2, gate, up, act.
"""


def dense(x: Tensor, w: Tensor) -> Tensor:
    """x [N, I] times w [O, I] transposed. oneDNN twice as fast as MKL where MKL does not know the processor."""
    y = x
    if ONEDNN and not x.is_cuda:
        y = ops.mkldnn._linear_pointwise(x, w, None, "none", annotate(List[Optional[number]], []), "")
    else:
        y = torch.linear(x, w)
    return y


def interleave(w: Tensor, heads: int) -> Tensor:
    """Rows of each head from (i, i + D / 2) far apart to neighbours."""
    return w.view([heads, 2, HEAD_SIZE // 2, -1]).transpose(1, 2).reshape([heads * HEAD_SIZE, -1])


def deinterleave(w: Tensor, heads: int) -> Tensor:
    return w.view([heads, HEAD_SIZE // 2, 2, -1]).transpose(1, 2).reshape([heads * HEAD_SIZE, -1])


def fused_qkv(layer: int, w: List[Tensor]) -> Tensor:
    """Rows of queries, keys and values, the gain of the norm not folded in."""
    q = interleave(layer_weight(layer, 0, w), HEADS)
    k = interleave(layer_weight(layer, 1, w), KV_HEADS)
    return torch.cat([q, k, layer_weight(layer, 2, w)])


def fused_qkv_bias(layer: int, w: List[Tensor]) -> Tensor:
    """Of the rows of fused_qkv."""
    q = interleave(w[bias_index(layer, 0)], HEADS).view([-1])
    k = interleave(w[bias_index(layer, 1)], KV_HEADS).view([-1])
    return torch.cat([q, k, w[bias_index(layer, 2)]])


def add_bias(y: Tensor, layer: int, kind: int, w: List[Tensor]) -> Tensor:
    """Adds to y the bias of a layer's matrix, where it has one."""
    if has_bias(kind):
        y = y.add_(w[bias_index(layer, kind)])
    return y


def bias_backward(dy: Tensor, layer: int, kind: int, grads: List[Tensor]) -> None:
    """dy: gradient of what the bias was added to."""
    if has_bias(kind):
        grads[bias_index(layer, kind)] = torch.sum(dy, [0])


def norm_scale(x: Tensor) -> Tensor:
    """1 / sqrt(mean(x²) + ε), [N, 1]."""
    n = torch.linalg_vector_norm(x, 2, [-1], True)
    return torch.rsqrt_(n.mul_(n).div_(x.size(-1)).add_(NORM_EPSILON))


def norm_backward_(dx: Tensor, dh: Tensor, h: Tensor, scale: Tensor) -> Tensor:
    """Adds to dx the gradient through h = x * scale(x)."""
    m = torch.mean(dh * h, [-1], True)
    return dx.addcmul_(torch.addcmul(dh, h, m, value=-1), scale)


def rotations(positions: int, like: Tensor) -> Tensor:
    """e^(i angle), complex [positions, 1, D / 2]."""
    angles = rotary_angles(positions, like)
    return torch.complex(torch.cos(angles), torch.sin(angles)).unsqueeze(1)


def rotate_heads(x: Tensor, turn: Tensor) -> Tensor:
    """x [B, T, heads, D] with neighbours as complex numbers."""
    pairs = torch.view_as_complex(x.view([x.size(0), x.size(1), x.size(2), HEAD_SIZE // 2, 2]))
    return torch.view_as_real(pairs * turn).flatten(3)


def causal_mask(T: int, like: Tensor) -> Tensor:
    """0 where a query may look, -inf after it, for G query heads below each other: [G * T, T]."""
    mask = torch.triu(torch.full([T, T], -inf, dtype=like.dtype, device=like.device), 1)
    return mask.repeat([HEADS // KV_HEADS, 1])


def grouped(x: Tensor, B: int, T: int) -> Tensor:
    """[B, T, Q, D] -> [B * K, G * T, D]."""
    G = HEADS // KV_HEADS
    return x.view([B, T, KV_HEADS, G, HEAD_SIZE]).permute([0, 2, 3, 1, 4]).reshape([B * KV_HEADS, G * T, HEAD_SIZE])


def layer_forward(
    layer: int, x: Tensor, B: int, T: int, turn: Tensor, mask: Tensor, w: List[Tensor], tape: List[Tensor]
) -> Tensor:
    N = B * T
    G = HEADS // KV_HEADS
    scale = norm_scale(x)
    h = x * scale
    qkv = dense(h, fused_qkv(layer, w).mul_(layer_weight(layer, 7, w)))
    if ATTENTION_BIAS:
        qkv = qkv.add_(fused_qkv_bias(layer, w))
    qkv = qkv.view([B, T, HEADS + 2 * KV_HEADS, HEAD_SIZE])
    qk = rotate_heads(qkv.narrow(2, 0, HEADS + KV_HEADS), turn)
    q = grouped(qk.narrow(2, 0, HEADS), B, T)
    k = qk.narrow(2, HEADS, KV_HEADS).transpose(1, 2).reshape([B * KV_HEADS, T, HEAD_SIZE])
    v = qkv.narrow(2, HEADS + KV_HEADS, KV_HEADS).transpose(1, 2).reshape([B * KV_HEADS, T, HEAD_SIZE])
    s = torch.baddbmm(mask, q, k.transpose(1, 2), beta=1, alpha=HEAD_SIZE ** -0.5)
    p = torch.softmax(s, -1)
    o = torch.bmm(p, v).view([B, KV_HEADS, G, T, HEAD_SIZE]).permute([0, 3, 1, 2, 4]).reshape([N, HEADS * HEAD_SIZE])
    x2 = add_bias(dense(o, layer_weight(layer, 3, w)), layer, 3, w).add_(x)
    scale2 = norm_scale(x2)
    h2 = x2 * scale2
    gain = layer_weight(layer, 8, w)
    gate = add_bias(dense(h2, layer_weight(layer, 4, w) * gain), layer, 4, w)
    up = add_bias(dense(h2, layer_weight(layer, 5, w) * gain), layer, 5, w)
    act = torch.silu(gate).mul_(up)
    tape.extend([h, scale, q, k, v, p, o, h2, scale2, gate, up, act])
    return add_bias(dense(act, layer_weight(layer, 6, w)), layer, 6, w).add_(x2)


def fold_gain(d: Tensor, weight: Tensor, gain: Tensor) -> Tuple[Tensor, Tensor]:
    """From the gradient of weight * gain to those of weight and gain."""
    return (d * gain, torch.sum(d * weight, [0]))


def layer_backward(
    layer: int, dx: Tensor, B: int, T: int, turn: Tensor, w: List[Tensor], tape: List[Tensor], grads: List[Tensor]
) -> Tensor:
    """Takes the gradient of the layer's output, returns that of its input (the same memory)."""
    N = B * T
    G = HEADS // KV_HEADS
    t = 12 * layer
    h, scale, q, k, v, p, o = tape[t], tape[t + 1], tape[t + 2], tape[t + 3], tape[t + 4], tape[t + 5], tape[t + 6]
    h2, scale2, gate, up, act = tape[t + 7], tape[t + 8], tape[t + 9], tape[t + 10], tape[t + 11]
    gain = layer_weight(layer, 8, w)
    w_gate = layer_weight(layer, 4, w)
    w_up = layer_weight(layer, 5, w)
    # Feed-forward.
    d_act = dense(dx, layer_weight(layer, 6, w).t())
    d_down = dense(dx.t(), act.t())
    bias_backward(dx, layer, 6, grads)
    d_up = torch.silu(gate).mul_(d_act)
    d_gate = torch.silu_backward(d_act.mul_(up), gate)
    bias_backward(d_gate, layer, 4, grads)
    bias_backward(d_up, layer, 5, grads)
    dh = dense(d_gate, (w_gate * gain).t()).add_(dense(d_up, (w_up * gain).t()))
    d_w_gate, d_gain_gate = fold_gain(dense(d_gate.t(), h2.t()), w_gate, gain)
    d_w_up, d_gain_up = fold_gain(dense(d_up.t(), h2.t()), w_up, gain)
    dx = norm_backward_(dx, dh, h2, scale2)
    # Attention.
    d_o = grouped(dense(dx, layer_weight(layer, 3, w).t()).view([B, T, HEADS, HEAD_SIZE]), B, T)
    d_w_o = dense(dx.t(), o.t())
    bias_backward(dx, layer, 3, grads)
    d_s = torch._softmax_backward_data(torch.bmm(d_o, v.transpose(1, 2)), p, -1, p.dtype).mul_(HEAD_SIZE ** -0.5)
    d_v = torch.bmm(p.transpose(1, 2), d_o)
    d_q = torch.bmm(d_s, k)
    d_k = torch.bmm(d_s.transpose(1, 2), q)
    d_qk = torch.cat(
        [
            d_q.view([B, KV_HEADS, G, T, HEAD_SIZE]).permute([0, 3, 1, 2, 4]).reshape([B, T, HEADS, HEAD_SIZE]),
            d_k.view([B, KV_HEADS, T, HEAD_SIZE]).transpose(1, 2),
        ],
        2,
    )
    d_qk = rotate_heads(d_qk, torch.conj_physical(turn))
    d_qkv = torch.cat([d_qk, d_v.view([B, KV_HEADS, T, HEAD_SIZE]).transpose(1, 2)], 2).view([N, -1])
    gain = layer_weight(layer, 7, w)
    w_qkv = fused_qkv(layer, w)
    d_w_qkv, d_gain = fold_gain(dense(d_qkv.t(), h.t()), w_qkv, gain)
    dx = norm_backward_(dx, dense(d_qkv, w_qkv.mul_(gain).t()), h, scale)
    Q = HEADS * HEAD_SIZE
    K = KV_HEADS * HEAD_SIZE
    g = 1 + 9 * layer
    if ATTENTION_BIAS:
        d_bias = torch.sum(d_qkv, [0])
        grads[bias_index(layer, 0)] = deinterleave(d_bias.narrow(0, 0, Q), HEADS).view([-1])
        grads[bias_index(layer, 1)] = deinterleave(d_bias.narrow(0, Q, K), KV_HEADS).view([-1])
        grads[bias_index(layer, 2)] = d_bias.narrow(0, Q + K, K)
    grads[g] = deinterleave(d_w_qkv.narrow(0, 0, Q), HEADS)
    grads[g + 1] = deinterleave(d_w_qkv.narrow(0, Q, K), KV_HEADS)
    grads[g + 2] = d_w_qkv.narrow(0, Q + K, K)
    grads[g + 3] = d_w_o
    grads[g + 4] = d_w_gate
    grads[g + 5] = d_w_up
    grads[g + 6] = d_down
    grads[g + 7] = d_gain
    grads[g + 8] = d_gain_gate + d_gain_up
    return dx


def policy_forward(
    tokens: Tensor, rows: Tensor, temperature: float, w: List[Tensor]
) -> Tuple[Tensor, Tensor, List[Tensor]]:
    return policy_forward_to(tokens, rows, tokens.view([-1]).index_select(0, rows + 1), temperature, w)


def policy_forward_to(
    tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float, w: List[Tensor]
) -> Tuple[Tensor, Tensor, List[Tensor]]:
    B, T = tokens.size(0), tokens.size(1)
    tape = annotate(List[Tensor], [])
    x = torch.embedding(w[0], tokens.view([-1]))
    turn = rotations(T, x)
    mask = causal_mask(T, x)
    for layer in range(LAYERS):
        x = layer_forward(layer, x, B, T, turn, mask, w, tape)
    x = x.index_select(0, rows)
    scale = norm_scale(x)
    h = x.mul_(scale)
    head = head_weight(w) * w[1 + 9 * LAYERS]
    logp = torch.log_softmax(dense(h, head).to(torch.float32).div_(temperature), -1)
    p = torch.exp(logp)
    entropy = torch.neg(torch.sum(p * logp, [-1]))
    chosen = logp.gather(1, targets.unsqueeze(1)).squeeze(1)
    tape.extend([h, scale, logp, p, entropy, tokens, rows, targets, turn, torch.full([1], temperature)])
    return (chosen, entropy, tape)


def policy_backward(d_logp: Tensor, d_entropy: Tensor, tape: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    t = 12 * LAYERS
    h, scale, logp, p, entropy = tape[t], tape[t + 1], tape[t + 2], tape[t + 3], tape[t + 4]
    tokens, rows, targets, turn = tape[t + 5], tape[t + 6], tape[t + 7], tape[t + 8]
    temperature = float(tape[t + 9])
    B, T = tokens.size(0), tokens.size(1)
    grads = annotate(List[Tensor], [])
    for i in range(len(w)):
        grads.append(w[i])
    # Gradient of the logits: log p_y gives 1_y - p, the entropy gives -p (log p + H).
    d = torch.mul(p, torch.add(logp, entropy.unsqueeze(1)).mul_(d_entropy.unsqueeze(1)).add_(d_logp.unsqueeze(1))).neg_()
    d.scatter_add_(1, targets.unsqueeze(1), d_logp.unsqueeze(1))
    d.div_(temperature)
    gain = w[1 + 9 * LAYERS]
    head = head_weight(w)
    d_head, d_gain = fold_gain(dense(d.t(), h.t()), head, gain)
    grads[1 + 9 * LAYERS] = d_gain
    dh = dense(d, (head * gain).t())
    d_rows = norm_backward_(torch.zeros_like(h), dh, h, scale)
    dx = torch.zeros([B * T, h.size(1)], dtype=h.dtype, device=h.device).index_copy_(0, rows, d_rows)
    for i in range(LAYERS):
        dx = layer_backward(LAYERS - 1 - i, dx, B, T, turn, w, tape, grads)
    d_embedding = torch.embedding_dense_backward(dx, tokens.view([-1]), w[0].size(0), -1, False)
    if TIED:
        d_embedding.add_(d_head)
    else:
        grads[2 + 9 * LAYERS] = d_head
    grads[0] = d_embedding
    return grads
