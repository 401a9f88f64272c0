"""Observations as a policy reads them.

Constants from Java: NORMALISED; STATISTICS, place of observation.mean in `w`, behind which is observation.scale;
OBSERVATION_CLIP.
"""


def prepared(x: Tensor, w: List[Tensor]) -> Tensor:
    """clip((x - mean) * scale) of raw x [..., O], or x itself."""
    if NORMALISED:
        x = torch.clamp((x - w[STATISTICS]) * w[STATISTICS + 1], -OBSERVATION_CLIP, OBSERVATION_CLIP)
    return x
