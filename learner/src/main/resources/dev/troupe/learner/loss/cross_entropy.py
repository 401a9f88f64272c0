"""Supervised fine-tuning: cross-entropy of the trained tokens."""


def supervised_loss(logp: Tensor, weights: Tensor) -> Tensor:
    """−Σ w log π(token); weights [B, A] hold the aggregation of the whole step, 0 in the padding."""
    return -torch.sum(logp * weights)
