"""Sampling many sequences side by side, with the decoder of decoder_sampling.py.

Shapes: L lanes, S steps, P prompts of T tokens, C capacity of a lane in tokens, V vocabulary.

A lane has read all its tokens but the last one: `read_prompts` reads a prompt's tokens but the last,
and every step of `sample` reads one and draws the next.
"""


class Program(Module):
    def open(self, w: List[Tensor]) -> Tuple[List[Tensor], List[Prepacked]]:
        return prepare(w)

    def cache(self, lanes: int, capacity: int, fused: List[Tensor], packed: List[Prepacked]) -> List[Tensor]:
        return new_cache(lanes, capacity, fused, packed)

    def read_prompts(
        self, tokens: Tensor, lanes: Tensor, cache: List[Tensor], fused: List[Tensor], packed: List[Prepacked]
    ) -> None:
        """Reads prompts [P, T], right-padded, into lanes [P] from position 0 on.

        A prompt may stand there twice for the same lane, to fill the shape up.
        """
        device = cache[0].device
        read_prompts(tokens.to(device), lanes.to(device), cache, fused, packed)

    def copy_prompts(self, sources: Tensor, targets: Tensor, length: int, cache: List[Tensor]) -> None:
        """Copies the first `length` positions of lanes [N] to other lanes [N]."""
        device = cache[0].device
        source, target = sources.to(device), targets.to(device)
        keys = cache[0].narrow(4, 0, length)
        values = cache[1].narrow(3, 0, length)
        torch.index_copy_(keys, 1, target, keys.index_select(1, source))
        torch.index_copy_(values, 1, target, values.index_select(1, source))

    def clear(self, cache: List[Tensor]) -> None:
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
        cache: List[Tensor],
        fused: List[Tensor],
        packed: List[Prepacked],
    ) -> Tuple[Tensor, Tensor]:
        """Up to S steps for all lanes; fewer once `leave` of those that were running have finished.

        state [4, L] int64: the token to read, its position, tokens still to draw (0: an idle lane),
        1 if greedy; uniforms [L, S] float64, one for every token to draw; end: the token that ends
        a sequence.
        Returns tokens [steps, L] and log-probabilities [2, steps, L]: under the distribution that
        was sampled from (0 if greedy, where the choice is certain), and under the raw policy.
        """
        device = cache[0].device
        on_device = state.to(device)
        thresholds = uniforms.to(device)
        token, position, left = on_device.select(0, 0), on_device.select(0, 1), on_device.select(0, 2)
        greedy = torch.gt(on_device.select(0, 3), 0)
        any_greedy = bool(torch.any(greedy))
        running = int(torch.count_nonzero(left))
        uncut = temperature == 1.0 and top_k <= 0 and top_p >= 1.0
        tokens = annotate(List[Tensor], [])
        sampled = annotate(List[Tensor], [])
        raw = annotate(List[Tensor], [])
        step = 0
        while step < uniforms.size(1) and running > 0:
            logits = decode_step(token, position, cache, fused, packed)
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
            active = torch.gt(left, 0)
            token = torch.where(active, drawn, token)
            position = position + active
            left = (left - active.to(torch.int64)) * torch.ne(drawn, end)
            step = step + 1
            if running - int(torch.count_nonzero(left)) >= leave:
                running = 0
        return (torch.stack(tokens), torch.stack([torch.stack(sampled), torch.stack(raw)]))
