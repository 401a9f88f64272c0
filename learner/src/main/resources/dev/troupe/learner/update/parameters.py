"""Parameters end to end in one tensor [P]: a gradient is one tensor, a snapshot one copy."""


class Program(Module):
    def split(self, flat: Tensor) -> List[Tensor]:
        """Views of all parameters."""
        return unflatten(flat)

    def join(self, parameters: List[Tensor]) -> Tensor:
        """All parameters end to end, in float32: a copy."""
        return flatten(parameters)

    def zeros(self, like: Tensor) -> Tensor:
        return torch.zeros_like(like)


def unflatten(flat: Tensor) -> List[Tensor]:
    """Views of flat [P] with SIZES elements each: matrices, vectors where COLUMNS is 0."""
    sizes = SIZES
    columns = COLUMNS
    parts = torch.split_with_sizes(flat, sizes)
    views = annotate(List[Tensor], [])
    for i in range(len(parts)):
        if columns[i] > 0:
            views.append(parts[i].view([sizes[i] // columns[i], columns[i]]))
        else:
            views.append(parts[i])
    return views


def flatten(parameters: List[Tensor]) -> Tensor:
    parts = annotate(List[Tensor], [])
    for each in parameters:
        parts.append(each.flatten().to(torch.float32))
    return torch.cat(parts)
