class Program(Module):
  def multiply(self, a: Tensor, b: Tensor, times: int) -> Tensor:
    # a, b: [N, N]; the product is kept small so that it stays finite
    product = a
    for i in range(times):
      product = torch.matmul(a, b)
    return product
