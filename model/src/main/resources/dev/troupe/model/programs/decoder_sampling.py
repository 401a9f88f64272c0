"""The decoder of decoder.py for sampling: prompts into a key/value cache, then token by token.

  prepare(w, lanes) -> fused
      Weights rearranged once for every snapshot: gains of norms folded into the matrices after
      them, queries, keys and values in one matrix, gate and up in one, matrices packed for oneDNN
      for products of about `lanes` rows. `fused` is opaque; it keeps no reference to `w`.
  new_cache(lanes, capacity, fused) -> cache, zeros
      [LAYERS, 2, lanes, KV_HEADS, capacity, HEAD_SIZE]; the second extent is keys, values.
      capacity: multiple of 16. It must hold finite numbers everywhere, so make it with this.
  prefill(tokens [P, T], lengths [P], lanes [P], cache, fused) -> logits [P, V] float32
      Right-padded prompts into lanes (all different) of the cache, positions 0 .. T - 1; T <= capacity. What the
      padding leaves behind is overwritten by decode_step before it can be seen. Logits follow the
      last token of each prompt.
  decode_step(tokens [L], positions [L], used, cache, fused) -> logits [L, V] float32
      Feeds one token to every lane, at the lane's own position, and gives the logits of the next.
      Attention looks at cache positions below `used`, which is above every position; multiples of
      16 are fast. An idle lane may be fed any token at position 0.

A lane's numbers depend on its own tokens only, bit by bit, as long as the shapes of the calls
stay the same: lanes, capacity and `used`; P and T of the prefill.
"""


def pack(w: Tensor, rows: int) -> Tensor:
    packed = w.contiguous()
    if ONEDNN and not w.is_cuda:
        packed = ops.mkldnn._reorder_linear_weight(packed, rows)
    return packed


def product(x: Tensor, packed: Tensor) -> Tensor:
    y = x
    if ONEDNN and not x.is_cuda:
        y = ops.mkldnn._linear_pointwise(x, packed, None, "none", annotate(List[Optional[number]], []), "")
    else:
        y = torch.linear(x, packed)
    return y


def prepare(w: List[Tensor], lanes: int) -> List[Tensor]:
    H = w[0].size(1)
    root = float(H) ** 0.5  # see `normed`
    bias = torch.full([1], (float(H) * NORM_EPSILON) ** 0.5, dtype=w[0].dtype, device=w[0].device)
    fused = [w[0].clone(), rotations(POSITIONS, w[0]), bias]
    for layer in range(LAYERS):
        q = interleave(layer_weight(layer, 0, w), HEADS).mul(HEAD_SIZE ** -0.5)
        k = interleave(layer_weight(layer, 1, w), KV_HEADS)
        gain = layer_weight(layer, 7, w) * root
        fused.append(pack(torch.cat([q, k, layer_weight(layer, 2, w)]).mul_(gain), lanes))
        fused.append(pack(layer_weight(layer, 3, w).clone(), lanes))
        gain = layer_weight(layer, 8, w) * root
        fused.append(pack(torch.cat([layer_weight(layer, 4, w), layer_weight(layer, 5, w)]).mul_(gain), lanes))
        fused.append(pack(layer_weight(layer, 6, w).clone(), lanes))
    fused.append(pack(head_weight(w) * (w[1 + 9 * LAYERS] * root), lanes))
    return fused


def new_cache(lanes: int, capacity: int, fused: List[Tensor]) -> Tensor:
    like = fused[0]
    return torch.zeros([LAYERS, 2, lanes, KV_HEADS, capacity, HEAD_SIZE], dtype=like.dtype, device=like.device)


def normed(x: Tensor, fused: List[Tensor]) -> Tensor:
    """x / sqrt(|x|² + Hε); the factor sqrt(H) of RMSNorm is in the matrix that follows."""
    return x / torch.hypot(torch.linalg_vector_norm(x, 2, [-1], True), fused[2])


def feed_forward(layer: int, x: Tensor, fused: List[Tensor]) -> Tensor:
    gate, up = torch.chunk(product(normed(x, fused), fused[3 + 4 * layer + 2]), 2, -1)
    return product(torch.silu(gate).mul_(up), fused[3 + 4 * layer + 3]).add_(x)


def head_logits(x: Tensor, fused: List[Tensor]) -> Tensor:
    return product(normed(x, fused), fused[3 + 4 * LAYERS]).to(torch.float32)


def prefill(tokens: Tensor, lengths: Tensor, lanes: Tensor, cache: Tensor, fused: List[Tensor]) -> Tensor:
    P, T = tokens.size(0), tokens.size(1)
    G = HEADS // KV_HEADS
    x = torch.embedding(fused[0], tokens.view([-1]))
    turn = fused[1].narrow(0, 0, T)
    mask = causal_mask(T, x)
    for layer in range(LAYERS):
        qkv = product(normed(x, fused), fused[3 + 4 * layer]).view([P, T, HEADS + 2 * KV_HEADS, HEAD_SIZE])
        turn_(qkv.narrow(2, 0, HEADS + KV_HEADS), turn)
        kv = qkv.narrow(2, HEADS, 2 * KV_HEADS).view([P, T, 2, KV_HEADS, HEAD_SIZE]).permute([2, 0, 3, 1, 4]).contiguous()
        cache[layer].narrow(3, 0, T).index_copy_(1, lanes, kv)
        kv = kv.view([2, P * KV_HEADS, T, HEAD_SIZE])
        q = grouped(qkv.narrow(2, 0, HEADS), P, T)
        p = torch.softmax(torch.baddbmm(mask, q, kv[0].transpose(1, 2)), -1)
        o = torch.bmm(p, kv[1]).view([P, KV_HEADS, G, T, HEAD_SIZE]).permute([0, 3, 1, 2, 4])
        x = product(o.reshape([P * T, HEADS * HEAD_SIZE]), fused[3 + 4 * layer + 1]).add_(x)
        x = feed_forward(layer, x, fused)
    last = torch.arange(0, P * T, T, device=tokens.device) + lengths - 1
    return head_logits(x.index_select(0, last), fused)


def turn_(x: Tensor, turn: Tensor) -> Tensor:
    """Rotates heads in place; x [..., heads, D] with neighbours as complex numbers."""
    return torch.view_as_complex(x.unflatten(-1, [HEAD_SIZE // 2, 2])).mul_(turn)


def decode_step(tokens: Tensor, positions: Tensor, used: int, cache: Tensor, fused: List[Tensor]) -> Tensor:
    L, C = cache.size(2), cache.size(4)
    G = HEADS // KV_HEADS
    # What all layers share: rotations, where keys and values go, what may be seen.
    turn = fused[1].index_select(0, positions)
    rows = torch.arange(0, 2 * L * KV_HEADS * C, C, device=tokens.device).view([2, L, KV_HEADS])
    rows = torch.add(rows, positions.view([1, L, 1])).transpose(0, 1).reshape([-1])
    x = torch.embedding(fused[0], tokens)
    unseen = torch.gt(torch.arange(used, device=tokens.device), positions.unsqueeze(1))
    mask = torch.zeros([L, used], dtype=x.dtype, device=x.device).masked_fill_(unseen, -inf)
    mask = mask.view([L, 1, used]).expand([L, KV_HEADS, used]).reshape([L * KV_HEADS, 1, used])
    for layer in range(LAYERS):
        qkv = product(normed(x, fused), fused[3 + 4 * layer]).view([L, HEADS + 2 * KV_HEADS, HEAD_SIZE])
        turn_(qkv.narrow(1, 0, HEADS + KV_HEADS), turn)
        store = cache[layer]
        store.view([-1, HEAD_SIZE]).index_copy_(0, rows, qkv.narrow(1, HEADS, 2 * KV_HEADS).reshape([-1, HEAD_SIZE]))
        seen = store.view([2, L * KV_HEADS, C, HEAD_SIZE]).narrow(2, 0, used)
        q = qkv.narrow(1, 0, HEADS).reshape([L * KV_HEADS, G, HEAD_SIZE])
        p = torch.softmax(torch.baddbmm(mask, q, seen[0].transpose(1, 2)), -1)
        o = torch.bmm(p, seen[1]).view([L, HEADS * HEAD_SIZE])
        x = product(o, fused[3 + 4 * layer + 1]).add_(x)
        x = feed_forward(layer, x, fused)
    return head_logits(x, fused)
