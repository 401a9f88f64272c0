"""The decoder of decoder.py for sampling: prompts into a key/value cache, then token by token.

  prepare(w) -> fused, packed
      Weights rearranged once for every snapshot: gains of norms folded into the matrices after
      them, queries, keys and values in one matrix, gate and up in one. On an x86 processor the
      matrices are packed for XNNPACK, with their biases, whose products of a few dozen rows cost
      least; elsewhere `packed` is empty and `fused` holds them. Keeps no reference to `w`. One thread may use it.
  new_cache(lanes, capacity, fused, packed) -> cache, zeros
      Keys [LAYERS, lanes, KV_HEADS, HEAD_SIZE, capacity], values [LAYERS, lanes, KV_HEADS,
      capacity, HEAD_SIZE], and what calls need of constants. capacity: at most POSITIONS, rounded
      up to 16. The first two must hold finite numbers everywhere, so make them with this.
  prefill(tokens [P, T], lengths [P], lanes [P], cache, fused, packed) -> logits [P, V] float32
      Right-padded prompts into lanes (each once, or again with the same prompt) of the cache, positions 0 .. T - 1;
      T <= capacity. What the padding leaves behind is overwritten by decode_step before it can be seen. Logits
      follow the last token of each prompt.
  decode_step(tokens [L], positions [L], cache, fused, packed) -> logits [L, V] float32
      Feeds one token to every lane, at the lane's own position, and gives the logits of the next.
      An idle lane may be fed any token at position 0.

A lane's numbers depend on its own tokens only, bit by bit, as long as the shapes of the calls
stay the same: lanes and capacity; P and T of the prefill.
"""


def on_x86(x: Tensor) -> bool:
    return ONEDNN and not x.is_cuda and x.dtype == torch.float32


def biased(matrix: int) -> bool:
    """Whether a bias is added to product `matrix`: of each layer q with k and v, o, gate with up, down; of the head none."""
    b = FEED_FORWARD_BIAS
    if matrix % 4 < 2:
        b = ATTENTION_BIAS
    if matrix == 4 * LAYERS:
        b = False
    return b


def bias_of(matrix: int, w: List[Tensor]) -> Tensor:
    layer = matrix // 4
    kind = matrix % 4
    b = w[0]
    if kind == 0:
        b = fused_qkv_bias(layer, w)
        b = torch.cat([b.narrow(0, 0, HEADS * HEAD_SIZE) * HEAD_SIZE ** -0.5, b.narrow(0, HEADS * HEAD_SIZE, 2 * KV_HEADS * HEAD_SIZE)])
    elif kind == 1:
        b = w[bias_index(layer, 3)].clone()
    elif kind == 2:
        b = torch.cat([w[bias_index(layer, 4)], w[bias_index(layer, 5)]])
    else:
        b = w[bias_index(layer, 6)].clone()
    return b


def add_matrix(m: Tensor, matrix: int, w: List[Tensor], fused: List[Tensor], packed: List[Prepacked]) -> None:
    if on_x86(m):
        if biased(matrix):
            packed.append(ops.prepacked.linear_clamp_prepack(m.contiguous(), bias_of(matrix, w), None, None))
        else:
            packed.append(ops.prepacked.linear_clamp_prepack(m.contiguous(), None, None, None))
    else:
        fused.append(m.contiguous())


def product(x: Tensor, matrix: int, fused: List[Tensor], packed: List[Prepacked]) -> Tensor:
    y = x
    if len(packed) > 0:
        y = ops.prepacked.linear_clamp_run(x, packed[matrix])
    else:
        y = torch.linear(x, fused[3 + matrix])
        if biased(matrix):
            y = y.add_(fused[4 + 4 * LAYERS + matrix])
    return y


def prepare(w: List[Tensor]) -> Tuple[List[Tensor], List[Prepacked]]:
    H = w[0].size(1)
    root = float(H) ** 0.5  # see `normed`
    bias = torch.full([1], (float(H) * NORM_EPSILON) ** 0.5, dtype=w[0].dtype, device=w[0].device)
    fused = [w[0].clone(), rotations((POSITIONS + 15) // 16 * 16, w[0]), bias]
    packed = annotate(List[Prepacked], [])
    for layer in range(LAYERS):
        q = interleave(layer_weight(layer, 0, w), HEADS).mul(HEAD_SIZE ** -0.5)
        k = interleave(layer_weight(layer, 1, w), KV_HEADS)
        gain = layer_weight(layer, 7, w) * root
        add_matrix(torch.cat([q, k, layer_weight(layer, 2, w)]).mul_(gain), 4 * layer, w, fused, packed)
        add_matrix(layer_weight(layer, 3, w).clone(), 4 * layer + 1, w, fused, packed)
        gain = layer_weight(layer, 8, w) * root
        gate_up = torch.cat([layer_weight(layer, 4, w), layer_weight(layer, 5, w)]).mul_(gain)
        add_matrix(gate_up, 4 * layer + 2, w, fused, packed)
        add_matrix(layer_weight(layer, 6, w).clone(), 4 * layer + 3, w, fused, packed)
    add_matrix(head_weight(w) * (w[1 + 9 * LAYERS] * root), 4 * LAYERS, w, fused, packed)
    if len(packed) == 0:
        for matrix in range(4 * LAYERS):
            if biased(matrix):
                fused.append(bias_of(matrix, w))
            else:
                fused.append(bias)
    return (fused, packed)


def new_cache(lanes: int, capacity: int, fused: List[Tensor], packed: List[Prepacked]) -> List[Tensor]:
    like = fused[0]
    K, G, D, C = lanes * KV_HEADS, HEADS // KV_HEADS, HEAD_SIZE, capacity
    keys = torch.zeros([LAYERS, lanes, KV_HEADS, D, C], dtype=like.dtype, device=like.device)
    values = torch.zeros([LAYERS, lanes, KV_HEADS, C, D], dtype=like.dtype, device=like.device)
    # What a query at each position may see, and where the rows of `values` begin.
    mask = torch.triu(torch.full([C, C], -inf, dtype=like.dtype, device=like.device), 1)
    first = torch.arange(0, K * C, C, device=like.device).view([lanes, KV_HEADS])
    cache = [keys, values, mask, first]
    if len(packed) > 0:
        cache.extend([rows_of_bags(K, G, D), offsets_of_bags(K * G, D), rows_of_bags(K, G, C), offsets_of_bags(K * G, C)])
    return cache


def rows_of_bags(K: int, G: int, length: int) -> Tensor:
    """For each of K blocks of `length` rows G times all rows of the block."""
    rows = torch.arange(0, K * length, dtype=torch.int32).view([K, 1, length])
    return rows.expand([K, G, length]).reshape([-1])


def offsets_of_bags(bags: int, length: int) -> Tensor:
    return torch.arange(0, bags * length, length, dtype=torch.int32)


def weighted_rows(weights: Tensor, table: Tensor, rows: Tensor, offsets: Tensor) -> Tensor:
    """Bag b is the sum of its rows of `table`, each times its weight: FBGEMM's kernel, several times
    as fast as batched products of matrices this small."""
    return torch._embedding_bag_forward_only(table, rows, offsets, False, 0, False, weights, False, -1)[0]


def normed(x: Tensor, fused: List[Tensor]) -> Tensor:
    """x / sqrt(|x|² + Hε); the factor sqrt(H) of RMSNorm is in the matrix that follows."""
    return x / torch.hypot(torch.linalg_vector_norm(x, 2, [-1], True), fused[2])


def feed_forward(layer: int, x: Tensor, fused: List[Tensor], packed: List[Prepacked]) -> Tensor:
    gate, up = torch.chunk(product(normed(x, fused), 4 * layer + 2, fused, packed), 2, -1)
    return product(torch.silu(gate).mul_(up), 4 * layer + 3, fused, packed).add_(x)


def head_logits(x: Tensor, fused: List[Tensor], packed: List[Prepacked]) -> Tensor:
    return product(normed(x, fused), 4 * LAYERS, fused, packed).to(torch.float32)


def prefill(
    tokens: Tensor, lengths: Tensor, lanes: Tensor, cache: List[Tensor], fused: List[Tensor], packed: List[Prepacked]
) -> Tensor:
    P, T = tokens.size(0), tokens.size(1)
    last = LAYERS - 1
    x = read_layers(last, tokens, lanes, cache, fused, packed)
    q, k, v = read_heads(last, x, P, T, fused[1].narrow(0, 0, T), lanes, cache, fused, packed)
    # Of the last layer only what follows each prompt's last token is wanted.
    ends = lengths - 1
    rows = torch.arange(0, P * T, T, device=tokens.device) + ends
    q = q.reshape([P * T, HEADS * HEAD_SIZE]).index_select(0, rows).view([P * KV_HEADS, HEADS // KV_HEADS, HEAD_SIZE])
    s = torch.bmm(q, k).view([P, HEADS, T])
    p = torch.softmax(s.add_(causal_mask(T, x).index_select(0, ends).unsqueeze(1)), -1)
    o = torch.bmm(p.view([P * KV_HEADS, HEADS // KV_HEADS, T]), v)
    x = x.index_select(0, rows)
    x = product(o.view([P, HEADS * HEAD_SIZE]), 4 * last + 1, fused, packed).add_(x)
    return head_logits(feed_forward(last, x, fused, packed), fused, packed)


def read_layers(
    layers: int, tokens: Tensor, lanes: Tensor, cache: List[Tensor], fused: List[Tensor], packed: List[Prepacked]
) -> Tensor:
    """What comes out of the first layers, [P * T, H]; keys and values go to the cache."""
    P, T = tokens.size(0), tokens.size(1)
    G = HEADS // KV_HEADS
    x = torch.embedding(fused[0], tokens.view([-1]))
    turn = fused[1].narrow(0, 0, T)
    mask = causal_mask(T, x)
    for layer in range(layers):
        q, k, v = read_heads(layer, x, P, T, turn, lanes, cache, fused, packed)
        p = torch.softmax(torch.baddbmm(mask, grouped(q, P, T), k), -1)
        o = torch.bmm(p, v).view([P, KV_HEADS, G, T, HEAD_SIZE]).permute([0, 3, 1, 2, 4])
        x = product(o.reshape([P * T, HEADS * HEAD_SIZE]), 4 * layer + 1, fused, packed).add_(x)
        x = feed_forward(layer, x, fused, packed)
    return x


def causal_mask(T: int, like: Tensor) -> Tensor:
    """0 where a query may look, -inf after it, for G query heads below each other: [G * T, T]."""
    mask = torch.triu(torch.full([T, T], -inf, dtype=like.dtype, device=like.device), 1)
    return mask.repeat([HEADS // KV_HEADS, 1])


def grouped(x: Tensor, B: int, T: int) -> Tensor:
    """[B, T, Q, D] -> [B * K, G * T, D]."""
    G = HEADS // KV_HEADS
    return x.view([B, T, KV_HEADS, G, HEAD_SIZE]).permute([0, 2, 3, 1, 4]).reshape([B * KV_HEADS, G * T, HEAD_SIZE])


def read_heads(
    layer: int,
    x: Tensor,
    P: int,
    T: int,
    turn: Tensor,
    lanes: Tensor,
    cache: List[Tensor],
    fused: List[Tensor],
    packed: List[Prepacked],
) -> Tuple[Tensor, Tensor, Tensor]:
    """Queries [P, T, HEADS, D]; keys [P * KV_HEADS, D, T] and values [P * KV_HEADS, T, D], which go to the cache."""
    qkv = product(normed(x, fused), 4 * layer, fused, packed).view([P, T, HEADS + 2 * KV_HEADS, HEAD_SIZE])
    turn_(qkv.narrow(2, 0, HEADS + KV_HEADS), turn)
    k = qkv.narrow(2, HEADS, KV_HEADS).permute([0, 2, 3, 1]).contiguous()
    v = qkv.narrow(2, HEADS + KV_HEADS, KV_HEADS).transpose(1, 2).contiguous()
    cache[0][layer].narrow(3, 0, T).index_copy_(0, lanes, k)
    cache[1][layer].narrow(2, 0, T).index_copy_(0, lanes, v)
    k = k.view([P * KV_HEADS, HEAD_SIZE, T])
    v = v.view([P * KV_HEADS, T, HEAD_SIZE])
    return (qkv.narrow(2, 0, HEADS), k, v)


def decode_step(
    tokens: Tensor, positions: Tensor, cache: List[Tensor], fused: List[Tensor], packed: List[Prepacked]
) -> Tensor:
    L, C = tokens.size(0), cache[0].size(4)
    Q, K, D = HEADS, KV_HEADS, HEAD_SIZE
    # What all layers share: rotations, what may be seen, where keys and values go.
    turn = fused[1].index_select(0, positions)
    mask = cache[2].index_select(0, positions).unsqueeze(1)
    rows = torch.add(cache[3], positions.unsqueeze(1)).view([-1])
    columns = positions.view([L, 1, 1, 1]).expand([L, K, D, 1])
    x = torch.embedding(fused[0], tokens)
    for layer in range(LAYERS):
        qkv = product(normed(x, fused), 4 * layer, fused, packed).view([L, Q + 2 * K, D])
        turn_(qkv.narrow(1, 0, Q + K), turn)
        keys, values = cache[0][layer], cache[1][layer]
        keys.scatter_(3, columns, qkv.narrow(1, Q, K).unsqueeze(3))
        values.view([-1, D]).index_copy_(0, rows, qkv.narrow(1, Q + K, K).reshape([-1, D]))
        o = attend(qkv.narrow(1, 0, Q), keys, values, mask, L, C, cache)
        x = product(o.view([L, Q * D]), 4 * layer + 1, fused, packed).add_(x)
        x = feed_forward(layer, x, fused, packed)
    return head_logits(x, fused, packed)


def attend(q: Tensor, keys: Tensor, values: Tensor, mask: Tensor, L: int, C: int, cache: List[Tensor]) -> Tensor:
    """Of one query a head and lane, [L, Q, D] or the same memory in another shape. G queries share keys."""
    K, G, D = L * KV_HEADS, HEADS // KV_HEADS, HEAD_SIZE
    o = q
    if len(cache) > 4:
        s = weighted_rows(q.reshape([-1]), keys.view([K * D, C]), cache[4], cache[5])
        p = torch.softmax(s.view([L, HEADS, C]).add_(mask), -1)
        o = weighted_rows(p.view([-1]), values.view([K * C, D]), cache[6], cache[7])
    else:
        s = torch.bmm(q.reshape([K, G, D]), keys.view([K, D, C]))
        p = torch.softmax(s.view([L, HEADS, C]).add_(mask), -1)
        o = torch.bmm(p.view([K, G, C]), values.view([K, C, D]))
    return o
