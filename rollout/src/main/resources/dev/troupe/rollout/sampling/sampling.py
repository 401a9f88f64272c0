"""Sampling many sequences side by side, with the decoder of decoder_sampling.py.

Shapes: L lanes, S steps, P prompts of T tokens, C capacity of a lane in tokens, V vocabulary.

`read_prompts` reads prompts whole and keeps, in `first` [L, V], the logits that each lane's first token
is drawn from; whoever has the same prompt gets a copy. From then on a lane has read all its tokens but
the last one: every step of `sample` reads one and draws the next.
"""


class Program(Module):
    def open(self, w: List[Tensor]) -> Tuple[List[Tensor], List[Prepacked]]:
        return prepare(w)

    def cache(
        self, lanes: int, capacity: int, fused: List[Tensor], packed: List[Prepacked]
    ) -> Tuple[List[Tensor], Tensor]:
        vocabulary = fused[0].size(0)
        first = torch.zeros([lanes, vocabulary], dtype=torch.float32, device=fused[0].device)
        return (new_cache(lanes, capacity, fused, packed), first)

    def read_prompts(
        self,
        tokens: Tensor,
        lengths: Tensor,
        lanes: Tensor,
        first: Tensor,
        cache: List[Tensor],
        fused: List[Tensor],
        packed: List[Prepacked],
    ) -> None:
        """Reads prompts [P, T], right-padded, into lanes [P] from position 0 on.

        A prompt may stand there twice for the same lane, to fill the shape up.
        """
        device = first.device
        target = lanes.to(device)
        logits = prefill(tokens.to(device), lengths.to(device), target, cache, fused, packed)
        torch.index_copy_(first, 0, target, logits)

    def copy_prompts(
        self, sources: Tensor, targets: Tensor, length: int, first: Tensor, cache: List[Tensor]
    ) -> None:
        """Copies what was read of the first `length` positions of lanes [N] to other lanes [N]."""
        device = cache[0].device
        source, target = sources.to(device), targets.to(device)
        keys = cache[0].narrow(4, 0, length)
        values = cache[1].narrow(3, 0, length)
        torch.index_copy_(keys, 1, target, keys.index_select(1, source))
        torch.index_copy_(values, 1, target, values.index_select(1, source))
        torch.index_copy_(first, 0, target, first.index_select(0, source))

    def clear(self, first: Tensor, cache: List[Tensor]) -> None:
        torch.zero_(first)
        torch.zero_(cache[0])
        torch.zero_(cache[1])

    def sample(
        self,
        state: Tensor,
        uniforms: Tensor,
        leave: int,
        end: int,
        temperature: float,
        top_k: int,
        top_p: float,
        first: Tensor,
        cache: List[Tensor],
        fused: List[Tensor],
        packed: List[Prepacked],
    ) -> Tuple[Tensor, Tensor]:
        """Up to S steps for all lanes; fewer once `leave` of those that were running have finished.

        state [5, L] int64: the token to read, its position, tokens still to draw (0: an idle lane),
        1 if greedy, 1 if the lane begins: its first token is drawn before the steps, from `first`,
        and is what the first step reads; uniforms [L, 1 + S] float64, one for every token to draw, in
        column 0 for first tokens; end: the token that ends a sequence.
        Returns tokens [1 + steps, L], where row 0 holds first tokens and means nothing in other lanes,
        and log-probabilities [2, 1 + steps, L]: under the distribution that was sampled from (0 if
        greedy, where the choice is certain), and under the raw policy.
        """
        device = first.device
        on_device = state.to(device)
        thresholds = uniforms.to(device)
        token, position, left = on_device.select(0, 0), on_device.select(0, 1), on_device.select(0, 2)
        greedy = torch.gt(on_device.select(0, 3), 0)
        any_greedy = bool(torch.any(greedy))
        begins = torch.gt(on_device.select(0, 4), 0)
        running = int(torch.count_nonzero(left))
        uncut = temperature == 1.0 and top_k <= 0 and top_p >= 1.0
        tokens = annotate(List[Tensor], [])
        sampled = annotate(List[Tensor], [])
        raw = annotate(List[Tensor], [])
        step = 0
        if not bool(torch.any(begins)):
            step = 1
            tokens.append(token)
            sampled.append(first.select(1, 0))
            raw.append(first.select(1, 0))
        while step < uniforms.size(1) and running > 0:
            logits = first
            active = begins
            if step > 0:
                logits = decode_step(token, position, cache, fused, packed)
                active = torch.gt(left, 0)
            policy = torch.log_softmax(logits, -1)
            law = policy
            if not uncut:
                law = cut(logits, temperature, top_k, top_p)
            drawn = draw(law, thresholds.narrow(1, step, 1))
            if any_greedy:
                drawn = torch.where(greedy, torch.argmax(logits, -1), drawn)
            chosen = drawn.unsqueeze(1)
            log_prob = law.gather(1, chosen).squeeze(1)
            if any_greedy:
                log_prob = torch.masked_fill(log_prob, greedy, 0.0)
            tokens.append(drawn)
            sampled.append(log_prob)
            if any_greedy or not uncut:
                log_prob = policy.gather(1, chosen).squeeze(1)
            raw.append(log_prob)
            token = torch.where(active, drawn, token)
            if step > 0:
                position = position + active
            left = torch.where(active, (left - 1) * torch.ne(drawn, end), left)
            step = step + 1
            if running - int(torch.count_nonzero(left)) >= leave:
                running = 0
        return (torch.stack(tokens), torch.stack([torch.stack(sampled), torch.stack(raw)]))
