"""A whole update of a policy for environments: all passes and minibatches in one call.

T steps of N lanes; O numbers an observation, S numbers of memory, K numbers an action. What the
algorithm is stands in a text of its own, which offers algorithm_targets and algorithm_loss.
Constants: ENTROPY, VALUE, NORMALISE_ADVANTAGES, TARGET_KL (0 = off), CLIP_NORM (0 = off), RECURRENT,
BETA1, BETA2, EPSILON, DECAY.
"""


class Program(Module):
    def update(
        self,
        flat: List[Tensor],  # one tensor [P], changed in place, as are the moments and the count
        mean: List[Tensor],  # [P]
        square: List[Tensor],  # [P]
        count: List[Tensor],  # [1] optimizer steps taken
        target: Tensor,  # [P] the target network
        statistics: List[Tensor],  # what observations are normalised by
        experience: List[Tensor],  # as experience.py lists it
        reward_scale: float,  # rewards are multiplied with it and cut to ±REWARD_CLIP; 0 = as they are
        order: Tensor,  # trained rows (lanes, for a policy with memory) of all minibatches, one after the other
        bounds: List[int],  # where minibatches begin in it, and its end
        rate: float,
    ) -> Tuple[Tensor, Tensor]:
        """Figures of the optimizer steps and of the batch, float64."""
        observations, actions, behaviour, state = experience[0], experience[1], experience[2], experience[10]
        begins = first_rows(experience)
        mask = torch.logical_not(experience[6]).to(torch.float32)
        w = unflatten(flat[0]) + statistics
        d, values = policy_sequence(observations, begins, state, w)
        old, entropy = action_log_probabilities(d, actions)
        next_values = successor_values(experience, begins, values, w)
        rewards = scaled(experience[3].to(values.dtype), reward_scale)
        goes_on = torch.logical_not(ends(experience)).to(values.dtype)
        valued = goes_on
        if BOOTSTRAP_TRUNCATED:
            valued = torch.logical_not(experience[4]).to(values.dtype)
        target_logp = old
        if HAS_TARGET:
            t, target_values = policy_sequence(observations, begins, state, unflatten(target) + statistics)
            target_logp, target_entropy = action_log_probabilities(t, actions)
        advantages, targets, reference = algorithm_targets(
            rewards, values, next_values, valued, goes_on, old, behaviour, target_logp
        )
        if not RECURRENT:
            order = torch.nonzero(mask.view([-1])).view([-1]).index_select(0, order)
        figures = self.optimise(
            flat, mean, square, count, statistics, observations, begins, state, actions,
            old, reference, values, advantages, targets, mask, order, bounds, rate,
        )
        return (figures, batch_figures(old, behaviour, values, targets, mask))

    def optimise(
        self,
        flat: List[Tensor],
        mean: List[Tensor],
        square: List[Tensor],
        count: List[Tensor],
        statistics: List[Tensor],
        observations: Tensor,  # [T, N, O]
        begins: Tensor,  # [T, N]
        state: Tensor,  # [N, S]
        actions: Tensor,  # [T, N, K]
        old: Tensor,  # [T, N] log π_old
        reference: Tensor,  # [T, N] log of the ratio's denominator
        old_values: Tensor,  # [T, N]
        advantages: Tensor,  # [T, N]
        targets: Tensor,  # [T, N] of the values
        mask: Tensor,  # [T, N]
        order: Tensor,
        bounds: List[int],
        rate: float,
    ) -> Tensor:
        """The optimizer steps; stops at the first minibatch whose KL(π_old‖π_θ) exceeds TARGET_KL.

        Figures [10] in float64: steps taken, minibatches with a gradient that isn't finite, then sums
        over the minibatches seen: loss, policy loss, value loss, entropy, share clipped, k1, k3,
        gradient norm before clipping.
        """
        rows = torch.stack([old, reference, old_values, advantages, targets, mask])
        if not RECURRENT:  # every row is a lane of one step
            rows = rows.view([6, 1, -1])
            observations = observations.view([1, -1, observations.size(-1)])
            actions = actions.view([1, -1, actions.size(-1)])
            begins = begins.view([1, -1])
            state = state.new_zeros([begins.size(1), 0])
        figures = torch.zeros([10], dtype=torch.float64, device=old.device)
        step = 0
        steps = len(bounds) - 1
        while step < steps:
            picked = order.narrow(0, bounds[step], bounds[step + 1] - bounds[step])
            step = step + 1
            part = rows.index_select(2, picked)
            x = observations.index_select(1, picked)
            starts = begins.index_select(1, picked)
            memory = state.index_select(0, picked)
            d, v, tape = policy_forward(x, starts, memory, flat[0], statistics)
            torch.set_grad_enabled(True)
            d_leaf = d.requires_grad_(True)
            v_leaf = v.requires_grad_(True)
            loss, sums = minibatch_loss(d_leaf, v_leaf, actions.index_select(1, picked), part)
            d_gradient, v_gradient = torch.grad([loss], [d_leaf, v_leaf], None, None, False, True)
            torch.set_grad_enabled(False)
            if TARGET_KL > 0. and float(sums[6]) > TARGET_KL:
                step = steps
                figures.narrow(0, 2, 7).add_(sums)
            else:
                gradient = policy_backward(or_zeros(d_gradient, d_leaf), or_zeros(v_gradient, v_leaf), tape, flat[0])
                norm = float(torch.linalg_vector_norm(gradient, 2, None, False, dtype=torch.float64))
                if norm - norm == 0.:
                    if CLIP_NORM > 0. and norm + 1e-6 > CLIP_NORM:
                        gradient = gradient * (CLIP_NORM / (norm + 1e-6))
                    count[0].add_(1.)
                    torch._fused_adamw_(
                        flat, [gradient], mean, square, [], count,
                        lr=rate, beta1=BETA1, beta2=BETA2, weight_decay=DECAY, eps=EPSILON, amsgrad=False, maximize=False,
                    )
                    figures[0].add_(1.)
                    figures[9].add_(norm)
                    figures.narrow(0, 2, 7).add_(sums)
                else:
                    figures[1].add_(1.)
        return figures


def successor_values(experience: List[Tensor], begins: Tensor, values: Tensor, w: List[Tensor]) -> Tensor:
    """V of what follows each row [T, N]: the next row's, or the final observation's of an episode cut short."""
    states = policy_states(experience[0], begins, experience[10], w)
    following = later(values, policy_values(experience[7], states[-1], w))
    finals, places = experience[8], experience[9]
    if places.size(0) > 0:
        rows = places.select(1, 0) * values.size(1) + places.select(1, 1)
        before = states.flatten(0, 1).index_select(0, rows)
        following.view([-1]).index_copy_(0, rows, policy_values(finals, before, w))
    return following


def scaled(rewards: Tensor, scale: float) -> Tensor:
    if scale > 0.:
        rewards = torch.clamp(rewards * scale, -REWARD_CLIP, REWARD_CLIP)
    return rewards


def minibatch_loss(d: Tensor, v: Tensor, actions: Tensor, part: Tensor) -> Tuple[Tensor, Tensor]:
    """Loss of a minibatch, and its figures [7] as `optimise` has them.

    part [6, T, n]: log π_old, log of the ratio's denominator, old values, advantages, targets, mask.
    """
    old, reference, old_values, advantages, targets, mask = torch.unbind(part)
    logp, entropy = action_log_probabilities(d, actions)
    if NORMALISE_ADVANTAGES:
        advantages = normalised(advantages, mask)
    rows, clipped = algorithm_loss(logp, reference, advantages)
    policy = masked_mean(rows, mask)
    value = masked_mean(value_loss(v, old_values, targets), mask)
    spread = masked_mean(entropy, mask)
    loss = policy + VALUE * value - ENTROPY * spread
    log_ratio = logp.detach() - old
    share = masked_mean(clipped.to(old.dtype), mask)
    k1 = masked_mean(-log_ratio, mask)
    k3 = masked_mean(torch.expm1(log_ratio) - log_ratio, mask)
    figures = torch.stack([loss.detach(), policy.detach(), value.detach(), spread.detach(), share, k1, k3])
    return (loss, figures.to(torch.float64))


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """Mean over trained rows; all rows that a policy without memory is given are."""
    if RECURRENT:
        result = torch.sum(x * mask) / torch.sum(mask)
    else:
        result = torch.mean(x)
    return result


def normalised(x: Tensor, mask: Tensor) -> Tensor:
    """To mean 0 and standard deviation 1 (n − 1) over trained rows."""
    if RECURRENT:
        n = torch.sum(mask)
        centred = x - torch.sum(x * mask) / n
        deviation = torch.sqrt(torch.sum(centred * centred * mask) / (n - 1.))
        result = centred / (deviation + 1e-8)
    else:
        result = (x - torch.mean(x)) / (torch.std(x) + 1e-8)
    return result


def or_zeros(gradient: Optional[Tensor], like: Tensor) -> Tensor:
    result = torch.zeros_like(like)
    if gradient is not None:
        result = gradient
    return result


def batch_figures(old: Tensor, behaviour: Tensor, values: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Of a batch, [7] in float64: rows trained on; ρ = π_old/μ: sum, sum of squares, largest;
    variance of R − V and of R over the trained rows; mean V."""
    n = torch.sum(mask, dtype=torch.float64)
    rho = torch.exp(torch.clamp((old - behaviour) * mask, -20., 20.)) * mask
    rho = rho.to(torch.float64)
    return torch.stack(
        [
            n,
            torch.sum(rho),
            torch.sum(rho * rho),
            torch.max(rho),
            masked_variance(targets - values, mask, n),
            masked_variance(targets, mask, n),
            torch.sum((values * mask).to(torch.float64)) / n,
        ]
    )


def masked_variance(x: Tensor, mask: Tensor, n: Tensor) -> Tensor:
    centred = (x - torch.sum((x * mask).to(torch.float64)) / n) * mask
    return torch.sum(centred * centred) / n
