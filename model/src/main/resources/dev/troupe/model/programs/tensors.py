"""What tensors need that no single native call offers."""


class Program(Module):
    def reinterpret(self, bytes: Tensor, dtype: int, shape: List[int]) -> Tensor:
        return torch.view_copy(bytes, dtype=dtype).view(shape)

    def bytes(self, x: Tensor) -> Tensor:
        return torch.view_copy(x.detach().cpu().contiguous().view([-1]), dtype=torch.uint8)

    def convert(self, x: Tensor, dtype: int) -> Tensor:
        return x.to(dtype)

    def place(self, x: Tensor, device: str) -> Tensor:
        return x.to(torch.device(device))

    def copy(self, x: Tensor) -> Tensor:
        return x.detach().clone()

    def element_type(self, x: Tensor) -> int:
        return x.dtype
