"""Adjusts a behaviour policy φ by the loss of props.py, all minibatches in one call.

B pairs; O numbers an observation, K numbers an action, P parameters. Constant: HEAD, places of the
parameters of the policy's last layer.
"""


class Program(Module):
    def adjust(
        self,
        theta: Tensor,  # [P]
        phi: List[Tensor],  # one tensor [P], a copy of theta; changed in place, as are the moments
        mean: List[Tensor],  # [P] zeros
        square: List[Tensor],  # [P] zeros
        count: List[Tensor],  # [1] zero
        statistics: List[Tensor],
        observations: Tensor,  # [1, B, O] raw
        actions: Tensor,  # [1, B, K]
        order: Tensor,  # rows of all minibatches, one after the other
        bounds: List[int],  # where minibatches begin in it, and its end
        rate: float,
        adam: bool,  # plain gradient descent otherwise
        clip: float,
        kl_coefficient: float,
        target_kl: float,
        clip_norm: float,  # 0 = off
    ) -> Tensor:
        """Figures [4] in float64: steps taken, and of the last minibatch seen: loss, KL, stop statistic."""
        begins = observations.new_zeros([1, observations.size(1)])
        state = observations.new_zeros([observations.size(1), 0])
        d_theta, values = policy_sequence(observations, begins, state, unflatten(theta) + statistics)
        logp_theta, entropy = action_log_probabilities(d_theta, actions)
        figures = torch.zeros([4], dtype=torch.float64, device=theta.device)
        step = 0
        steps = len(bounds) - 1
        while step < steps:
            rows = order.narrow(0, bounds[step], bounds[step + 1] - bounds[step])
            step = step + 1
            starts, memory = begins.index_select(1, rows), state.index_select(0, rows)
            d, v, tape = policy_forward(observations.index_select(1, rows), starts, memory, phi[0], statistics)
            torch.set_grad_enabled(True)
            leaf = d.requires_grad_(True)
            loss, kl, statistic = adjustment_loss(
                leaf, d_theta.index_select(1, rows), logp_theta.index_select(1, rows),
                actions.index_select(1, rows), clip, kl_coefficient,
            )
            d_gradient = unchecked_cast(Tensor, torch.grad([loss], [leaf])[0])
            torch.set_grad_enabled(False)
            figures.narrow(0, 1, 3).copy_(torch.stack([loss.detach(), kl, statistic]))
            if float(statistic) > target_kl:
                step = steps
            else:
                gradient = policy_backward(d_gradient, torch.zeros_like(v), tape, phi[0])
                norm = float(torch.linalg_vector_norm(gradient, 2, None, False, dtype=torch.float64))
                if norm - norm == 0.:
                    if clip_norm > 0. and norm + 1e-6 > clip_norm:
                        gradient = gradient * (clip_norm / (norm + 1e-6))
                    if adam:
                        count[0].add_(1.)
                        torch._fused_adamw_(
                            phi, [gradient], mean, square, [], count,
                            lr=rate, beta1=0.9, beta2=0.999, weight_decay=0., eps=1e-5, amsgrad=False, maximize=False,
                        )
                    else:
                        phi[0].sub_(gradient * rate)
                    figures[0].add_(1.)
        return figures

    def sampling_error(
        self,
        flat: Tensor,  # [P] θ
        statistics: List[Tensor],
        observations: Tensor,  # [1, B, O] raw
        actions: Tensor,  # [1, B, K]
        steps: int,
        rate: float,
    ) -> float:
        """mean[log π_D − log π_θ] over B pairs; π_D: θ with its head fitted to them by maximum likelihood.

        The head is fitted with Adam, by `steps` steps over everything; the rate is that of one-hot
        features, and smaller where more of them are at work in a row. The best fit seen counts.
        """
        w = unflatten(flat) + statistics
        features = policy_features(observations, w)
        logp_theta, entropy = action_log_probabilities(policy_head(features, w), actions)
        rate = rate / max(1., float(torch.mean(torch.sum(torch.abs(features), [-1]))))
        places = HEAD
        sizes = annotate(List[int], [])
        parts = annotate(List[Tensor], [])
        for place in places:
            sizes.append(w[place].numel())
            parts.append(w[place].flatten())
        head = torch.cat(parts)
        mean, square = torch.zeros_like(head), torch.zeros_like(head)
        best = 0.
        for step in range(steps):
            torch.set_grad_enabled(True)
            leaf = head.detach().requires_grad_(True)
            pieces = torch.split_with_sizes(leaf, sizes)
            for i in range(len(pieces)):
                w[places[i]] = pieces[i].view_as(w[places[i]])
            logp, spread = action_log_probabilities(policy_head(features, w), actions)
            error = torch.mean(logp - logp_theta)
            gradient = unchecked_cast(Tensor, torch.grad([error], [leaf])[0])
            torch.set_grad_enabled(False)
            best = max(best, float(error))
            mean = 0.9 * mean + 0.1 * gradient
            square = 0.99 * square + 0.01 * gradient * gradient
            ahead = mean / (1. - 0.9 ** (step + 1))
            spread = torch.sqrt(square / (1. - 0.99 ** (step + 1))) + 1e-8
            head = head + rate * ahead / spread
        return best
