package dev.troupe.protocol.tensor;

/** Element types of tensors that are stored or sent; names follow the safetensors format. */
public enum DType {
  F64(8),
  F32(4),
  BF16(2),
  F16(2),
  I64(8),
  I32(4),
  U8(1),
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
