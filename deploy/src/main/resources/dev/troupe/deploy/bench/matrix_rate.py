class Program(Module):
  def blas(self, a: Tensor, b: Tensor, times: int) -> Tensor:
    # a, b: [N, N], with the kernels that torch.matmul takes
    product = a
    for i in range(times):
      product = torch.matmul(a, b)
    return product

  def onednn(self, a: Tensor, b: Tensor, times: int) -> Tensor:
    # the same with oneDNN's kernels, which are the faster ones on some processors
    packed = ops.mkldnn._reorder_linear_weight(b, a.size(0))
    product = a
    for i in range(times):
      product = ops.mkldnn._linear_pointwise(a, packed, None, "none", annotate(List[Optional[number]], []), "")
    return product
