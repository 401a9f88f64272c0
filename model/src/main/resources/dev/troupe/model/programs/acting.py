"""A policy that acts in N lanes."""


class Program(Module):
    def act(self, x: Tensor, noise: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
        """Actions [N, K], their log-probabilities [N] and the state after x [N, O] raw.

        noise [N, K] float64: uniform for choices, standard normal for numbers.
        """
        d, state = policy_step(x, state, w)
        actions = choose_actions(d, noise)
        logp, entropy = action_log_probabilities(d, actions)
        return (actions, logp, state)

    def greedy(self, x: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
        """The likeliest actions [N, K] and the state after x [N, O] raw."""
        d, state = policy_step(x, state, w)
        return (likely_actions(d), state)
