"""Observations as a policy reads them.

Constants from Java: NORMALISED; STATISTICS, place of observation.mean in `w`, behind which is observation.scale;
OBSERVATION_CLIP.
"""


def prepared(x: Tensor, w: List[Tensor]) -> Tensor:
    """clip((x - mean) * scale) of raw x [..., O], or x itself."""
    if NORMALISED:
        x = standardised(x, w[STATISTICS], w[STATISTICS + 1])
    return x


def standardised(x: Tensor, mean: Tensor, scale: Tensor) -> Tensor:
    return torch.clamp((x - mean) * scale, -OBSERVATION_CLIP, OBSERVATION_CLIP)
