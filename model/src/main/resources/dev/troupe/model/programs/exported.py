"""What a policy offers to other software beside acting."""


class Program(Module):
    def distribution(self, x: Tensor, state: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
        """Logits, or means and logarithms of standard deviations [N, P], and the state after x [N, O] raw."""
        return policy_step(x, state, w)

    def log_probabilities(self, x: Tensor, actions: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
        """Of actions [N, K]: [N]."""
        d, after = policy_step(x, state, w)
        logp, entropy = action_log_probabilities(d, actions)
        return logp

    def values(self, x: Tensor, state: Tensor, w: List[Tensor]) -> Tensor:
        """The critic's [N]."""
        return policy_values(x, state, w)
