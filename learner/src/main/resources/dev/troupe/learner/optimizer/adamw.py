"""One optimizer step on all parameters, laid end to end."""


class Program(Module):
    def adamw(
        self,
        parameters: Tensor,  # [P], updated in place, as are the moments
        gradient: Tensor,  # [P], scaled in place
        mean: Tensor,  # [P] m
        square: Tensor,  # [P] v
        count: Tensor,  # steps taken, this one included
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
        norm = float(torch.linalg_vector_norm(gradient, 2, None, False, dtype=torch.float64))
        finite = norm - norm == 0.
        if finite:
            if clip > 0.:
                if norm + 1e-6 > clip:
                    torch.mul_(gradient, clip / (norm + 1e-6))
            torch._fused_adamw_([parameters], [gradient], [mean], [square], [], [count],
                    lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
        return (norm, finite)

    def add(self, total: Tensor, part: Tensor) -> bool:
        """total ← total + part."""
        torch.add_(total, part)
        return True
