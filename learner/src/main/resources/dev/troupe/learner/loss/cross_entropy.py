"""Supervised fine-tuning: cross-entropy of the trained tokens."""


def supervised_loss(logp: Tensor, weights: Tensor) -> Tensor:
    """−Σ w log π(token); logp and weights are [R]; weights hold the aggregation of the whole step."""
    return -torch.sum(logp * weights)
