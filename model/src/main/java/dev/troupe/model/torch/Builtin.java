package dev.troupe.model.torch;

import ai.djl.util.cuda.CudaUtils;
import dev.troupe.protocol.tensor.DType;
import java.util.List;
import java.util.Map;

/** What tensors do by means of a small program of their own. */
final class Builtin {
  private static final TorchProgram PROGRAM =
      TorchProgram.compile(
          "tensors",
          List.of(ProgramSource.resource(Builtin.class, "/dev/troupe/model/programs/tensors.py")),
          Map.of());

  private Builtin() {}

  /** A new tensor that sees flat bytes as elements of a type. */
  static Tensor reinterpret(Tensor bytes, DType dtype, long[] shape) {
    return one("reinterpret", bytes, number(dtype), shape);
  }

  /** The elements as flat bytes in main memory. */
  static Tensor bytes(Tensor tensor) {
    return one("bytes", tensor);
  }

  static Tensor convert(Tensor tensor, DType dtype) {
    return one("convert", tensor, number(dtype));
  }

  static Tensor place(Tensor tensor, String device) {
    return one("place", tensor, device);
  }

  static Tensor copy(Tensor tensor) {
    return one("copy", tensor);
  }

  static DType dtype(Tensor tensor) {
    try (Result result = PROGRAM.run("element_type", tensor)) {
      long number = result.integer(0);
      for (DType dtype : DType.values()) {
        if (number(dtype) == number) {
          return dtype;
        }
      }
      throw new IllegalStateException(
          "tensor has element type number [" + number + "], which has no name here");
    }
  }

  static int cudaDevices() {
    return CudaUtils.getGpuCount();
  }

  /** PyTorch's number of an element type. */
  private static long number(DType dtype) {
    return switch (dtype) {
      case F64 -> 7;
      case F32 -> 6;
      case BF16 -> 15;
      case F16 -> 5;
      case I64 -> 4;
      case I32 -> 3;
      case U8 -> 0;
      case BOOL -> 11;
    };
  }

  private static Tensor one(String method, Object... arguments) {
    try (Result result = PROGRAM.run(method, arguments)) {
      return result.tensor();
    }
  }
}
