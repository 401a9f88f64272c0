"""One optimizer step.

The fused kernel's lists come from the caller: an in-place operation on the elements of a list that
is made here looks to TorchScript as if nobody saw its effect, and is silently left out.
"""


class Program(Module):
    def adamw(
        self,
        parameters: List[Tensor],  # one tensor [P], updated in place, as are the moments
        gradient: List[Tensor],  # [P], scaled in place
        mean: List[Tensor],  # [P] m
        square: List[Tensor],  # [P] v
        count: List[Tensor],  # steps taken, this one included
        rate: float,
        beta1: float,
        beta2: float,
        epsilon: float,
        decay: float,
        clip: float,
    ) -> Tuple[float, bool]:
        """AdamW (arXiv 1711.05101) after clipping the global norm: g ← g · min(1, clip / (‖g‖ + 10⁻⁶)).

        Returns the norm before clipping and whether a step was taken: a gradient that is not finite
        changes nothing.
        """
        norm = float(torch.linalg_vector_norm(gradient[0], 2, None, False, dtype=torch.float64))
        finite = norm - norm == 0.0
        if finite:
            if clip > 0.0:
                if norm + 1e-6 > clip:
                    torch.mul_(gradient[0], clip / (norm + 1e-6))
            torch._fused_adamw_(
                parameters, gradient, mean, square, [], count,
                lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False,
            )
        return (norm, finite)

    def add(self, total: Tensor, part: Tensor) -> bool:
        """total ← total + part."""
        torch.add_(total, part)
        return True
