"""The decoder of decoder.py with a hand-written backward pass, which reads each distinct prefix once.

  shared_forward(read, rows [R], targets [R], temperature, w)
      -> (log-probabilities [R], entropies [R], tape)
      Row i is the distribution after token rows[i] of the N that are read, targets[i] the token that
      came; a row may stand there several times.
  policy_forward(tokens [B, T] int64, rows [R], temperature, w)
      The same of right-padded sequences: row b * T + t is the distribution over tokens[b, t + 1]; t + 1 < T.
  policy_forward_to(tokens [B, T] int64, rows [R], targets [R], temperature, w)
      The same with the tokens to predict given apart, so that the last one needs no place in T.
  policy_backward(d_logp [R], d_entropy [R], tape, w) -> gradients in the order of w

Gradients of anything computed from log-probabilities and entropies take three steps:
  logp, entropy, tape = policy_forward(tokens, rows, temperature, w)
  (with gradients on) loss from leaves made of logp and entropy, torch.grad([loss], leaves)
  policy_backward(those gradients, tape, w)

`read` holds the tokens of all sequences, those of a common prefix once: tokens [N], positions [N], and
then for each block of B sequences, its attention,
  keys [B, T]     the tokens that a sequence consists of, in their order
  queries [B, A]  those of them that no sequence before has
  places [B, A]   where each query stands among the keys: it sees keys up to there
What fills these rectangles up, at place 0, is a token that no sequence has. Everything but the
attention works on N tokens, whichever sequences they belong to; attention gathers what it needs of them.

Nothing here is recorded by autograd, which saves its bookkeeping and lets every matrix product
take oneDNN's kernels (see `dense`). Three rewritings keep passes over activations few: the gain of
a norm is folded into the rows of the matrices that follow it, queries and keys come from one
matrix with values, and the rows of a head are interleaved so that a rotation is a product of
complex numbers. All are undone on the gradients.

W = Q + 2 K heads come from one token; the tape of a layer: h, scale, o, h2, scale2, gate, up, act, and
q, k, v, p of each block.
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


def turn_(x: Tensor, turn: Tensor) -> Tensor:
    """Rotates heads in place; x [..., heads, D] with neighbours as complex numbers."""
    return torch.view_as_complex(x.unflatten(-1, [HEAD_SIZE // 2, 2])).mul_(turn)


def plain_rows(tokens: Tensor) -> List[Tensor]:
    """Sequences [B, T] as something to read: one block, in which nothing is shared."""
    B, T = tokens.size(0), tokens.size(1)
    every = torch.arange(B * T, device=tokens.device).view([B, T])
    places = torch.arange(T, device=tokens.device).expand([B, T])
    return [tokens.reshape([-1]), places.reshape([-1]), every, every, places]


def attention_maps(read: List[Tensor], like: Tensor) -> List[Tensor]:
    """What all layers share: rotations of the tokens, complex [N, 1, D / 2]; for each token and query
    head its place among the outputs of all blocks, [N * Q]; the token and head of everything that the
    blocks gather, one after the other; and for each block

      outputs [B * Q * A]  rows of [N * Q, D] that its queries stand for
      q [B * Q * A], k, v [B * K * T]  rows of [N * W, D] to gather
      mask [B, 1, T, G * A]  0 where a query may look, -inf elsewhere
    """
    W = HEADS + 2 * KV_HEADS
    N = read[0].size(0)
    device = like.device
    positions = read[1]
    turn = rotations(int(torch.max(positions)) + 1, like).index_select(0, positions)
    heads = torch.arange(HEADS, device=device).view([1, HEADS, 1])
    blocks = annotate(List[Tensor], [])
    outputs = annotate(List[Tensor], [])
    gathered = annotate(List[Tensor], [])
    for i in range((len(read) - 2) // 3):
        keys, queries, places = read[2 + 3 * i].unsqueeze(1), read[3 + 3 * i].unsqueeze(1), read[4 + 3 * i]
        k = (keys * W + heads.narrow(1, 0, KV_HEADS) + HEADS).view([-1])
        q = (queries * W + heads).view([-1])
        o = (queries * HEADS + heads).view([-1])
        columns = torch.arange(keys.size(2), device=device).view([1, 1, -1, 1])
        later = torch.gt(columns, places.repeat([1, HEADS // KV_HEADS]).view([places.size(0), 1, 1, -1]))
        mask = torch.zeros(later.size(), dtype=like.dtype, device=device).masked_fill_(later, -inf)
        blocks.extend([o, q, k, k + KV_HEADS, mask])
        outputs.append(o)
        gathered.extend([q, k, k + KV_HEADS])
    slots = torch.cat(outputs)
    # A token that is nobody's query has a row of zeros, after all outputs.
    homes = torch.full([N * HEADS], slots.size(0), dtype=torch.int64, device=device)
    homes.scatter_(0, slots, torch.arange(slots.size(0), device=device))
    maps = [turn, homes, torch.cat(gathered)]
    maps.extend(blocks)
    return maps


def layer_forward(layer: int, x: Tensor, maps: List[Tensor], w: List[Tensor], tape: List[Tensor]) -> Tensor:
    N = x.size(0)
    scale = norm_scale(x)
    h = x * scale
    qkv = dense(h, fused_qkv(layer, w).mul_(layer_weight(layer, 7, w)))
    if ATTENTION_BIAS:
        qkv = qkv.add_(fused_qkv_bias(layer, w))
    qkv = qkv.view([N, HEADS + 2 * KV_HEADS, HEAD_SIZE])
    turn_(qkv.narrow(1, 0, HEADS + KV_HEADS), maps[0])
    attended = annotate(List[Tensor], [])
    outputs = annotate(List[Tensor], [])
    for i in range((len(maps) - 3) // 5):
        attend_block(qkv.view([-1, HEAD_SIZE]), maps, 3 + 5 * i, outputs, attended)
    outputs.append(torch.zeros([1, HEAD_SIZE], dtype=x.dtype, device=x.device))
    o = torch.cat(outputs).index_select(0, maps[1]).view([N, HEADS * HEAD_SIZE])
    x2 = add_bias(dense(o, layer_weight(layer, 3, w)), layer, 3, w).add_(x)
    scale2 = norm_scale(x2)
    h2 = x2 * scale2
    gain = layer_weight(layer, 8, w)
    gate = add_bias(dense(h2, layer_weight(layer, 4, w) * gain), layer, 4, w)
    up = add_bias(dense(h2, layer_weight(layer, 5, w) * gain), layer, 5, w)
    act = torch.silu(gate).mul_(up)
    tape.extend([h, scale, o, h2, scale2, gate, up, act])
    tape.extend(attended)
    return add_bias(dense(act, layer_weight(layer, 6, w)), layer, 6, w).add_(x2)


def attend_block(table: Tensor, maps: List[Tensor], m: int, outputs: List[Tensor], tape: List[Tensor]) -> None:
    """Attention of one block, whose maps begin at m, over rows of table [N * W, D].

    Keys by queries, so that the softmax works on whole vectors of queries at a time.
    """
    mask = maps[m + 4]
    B, T, queries = mask.size(0), mask.size(2), mask.size(3)
    q = table.index_select(0, maps[m + 1]).view([B * KV_HEADS, queries, HEAD_SIZE])
    k = table.index_select(0, maps[m + 2]).view([B * KV_HEADS, T, HEAD_SIZE])
    v = table.index_select(0, maps[m + 3]).view([B * KV_HEADS, T, HEAD_SIZE])
    s = torch.bmm(k, q.transpose(1, 2)).view([B, KV_HEADS, T, queries])
    p = torch.softmax(torch.add(mask, s, alpha=HEAD_SIZE ** -0.5), 2).view([B * KV_HEADS, T, queries])
    outputs.append(torch.bmm(p.transpose(1, 2), v).view([-1, HEAD_SIZE]))
    tape.extend([q, k, v, p])


def fold_gain(d: Tensor, weight: Tensor, gain: Tensor) -> Tuple[Tensor, Tensor]:
    """From the gradient of weight * gain to those of weight and gain."""
    return (d * gain, torch.sum(d * weight, [0]))


def layer_backward(
    layer: int, dx: Tensor, maps: List[Tensor], w: List[Tensor], tape: List[Tensor], grads: List[Tensor]
) -> Tensor:
    """Takes the gradient of the layer's output, returns that of its input (the same memory)."""
    N = dx.size(0)
    h, scale, o, h2, scale2 = tape[0], tape[1], tape[2], tape[3], tape[4]
    gate, up, act = tape[5], tape[6], tape[7]
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
    d_o = dense(dx, layer_weight(layer, 3, w).t()).view([-1, HEAD_SIZE])
    d_w_o = dense(dx.t(), o.t())
    bias_backward(dx, layer, 3, grads)
    gathered = annotate(List[Tensor], [])
    for i in range((len(maps) - 3) // 5):
        attend_block_backward(d_o.index_select(0, maps[3 + 5 * i]), tape, 8 + 4 * i, gathered)
    # A key that several sequences saw gets a gradient from each.
    d_qkv = torch.embedding_dense_backward(torch.cat(gathered), maps[2], N * (HEADS + 2 * KV_HEADS), -1, False)
    turn_(d_qkv.view([N, -1, HEAD_SIZE]).narrow(1, 0, HEADS + KV_HEADS), torch.conj_physical(maps[0]))
    d_qkv = d_qkv.view([N, -1])
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


def attend_block_backward(d_o: Tensor, tape: List[Tensor], t: int, gathered: List[Tensor]) -> None:
    """Adds the gradients of a block's queries, keys and values, as rows [.., D], from that of its outputs."""
    q, k, v, p = tape[t], tape[t + 1], tape[t + 2], tape[t + 3]
    d_o = d_o.view(q.size())
    d_s = torch._softmax_backward_data(torch.bmm(v, d_o.transpose(1, 2)), p, 1, p.dtype).mul_(HEAD_SIZE ** -0.5)
    d_q = torch.bmm(d_s.transpose(1, 2), k)
    d_k = torch.bmm(d_s, q)
    d_v = torch.bmm(p, d_o)
    gathered.extend([d_q.view([-1, HEAD_SIZE]), d_k.view([-1, HEAD_SIZE]), d_v.view([-1, HEAD_SIZE])])


def policy_forward(
    tokens: Tensor, rows: Tensor, temperature: float, w: List[Tensor]
) -> Tuple[Tensor, Tensor, List[List[Tensor]]]:
    return policy_forward_to(tokens, rows, tokens.view([-1]).index_select(0, rows + 1), temperature, w)


def policy_forward_to(
    tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float, w: List[Tensor]
) -> Tuple[Tensor, Tensor, List[List[Tensor]]]:
    return shared_forward(plain_rows(tokens), rows, targets, temperature, w)


def shared_forward(
    read: List[Tensor], rows: Tensor, targets: Tensor, temperature: float, w: List[Tensor]
) -> Tuple[Tensor, Tensor, List[List[Tensor]]]:
    """The tape: a list for each layer, what policy_backward needs of the head, the attention's maps."""
    tape = annotate(List[List[Tensor]], [])
    tokens = read[0]
    x = torch.embedding(w[0], tokens)
    maps = attention_maps(read, x)
    for layer in range(LAYERS):
        saved = annotate(List[Tensor], [])
        x = layer_forward(layer, x, maps, w, saved)
        tape.append(saved)
    x = x.index_select(0, rows)
    scale = norm_scale(x)
    h = x.mul_(scale)
    head = head_weight(w) * w[1 + 9 * LAYERS]
    logp = torch.log_softmax(dense(h, head).to(torch.float32).div_(temperature), -1)
    p = torch.exp(logp)
    entropy = torch.neg(torch.sum(p * logp, [-1]))
    chosen = logp.gather(1, targets.unsqueeze(1)).squeeze(1)
    tape.append([h, scale, logp, p, entropy, tokens, rows, targets, torch.full([1], temperature)])
    tape.append(maps)
    return (chosen, entropy, tape)


def policy_backward(d_logp: Tensor, d_entropy: Tensor, tape: List[List[Tensor]], w: List[Tensor]) -> List[Tensor]:
    ends = tape[LAYERS]
    h, scale, logp, p, entropy = ends[0], ends[1], ends[2], ends[3], ends[4]
    tokens, rows, targets = ends[5], ends[6], ends[7]
    temperature = float(ends[8])
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
    dx = torch.embedding_dense_backward(d_rows, rows, tokens.size(0), -1, False)
    for i in range(LAYERS):
        layer = LAYERS - 1 - i
        dx = layer_backward(layer, dx, tape[LAYERS + 1], w, tape[layer], grads)
    d_embedding = torch.embedding_dense_backward(dx, tokens, w[0].size(0), -1, False)
    if TIED:
        d_embedding.add_(d_head)
    else:
        grads[2 + 9 * LAYERS] = d_head
    grads[0] = d_embedding
    return grads
