package dev.troupe.deploy.bench;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.model.torch.TorchRuntime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What the machine's own float32 matrix multiplication reaches: the yardstick of all else. */
final class MatrixRate {
  private static final int SIZE = 1024;
  private static final int TIMES = 4;
  private static final int ROUNDS = 5;

  private MatrixRate() {}

  /**
   * Floating-point operations a second with {@code threads}: the best of a few rounds, with the
   * faster of the two kernels that libtorch brings.
   */
  static double measure(int threads, LongSupplier nanos) {
    TorchRuntime.setIntraOpThreads(threads);
    float[] numbers = new float[SIZE * SIZE];
    Arrays.fill(numbers, 0.01f);
    double best = 0;
    try (TorchProgram program =
            TorchProgram.compile(
                "matrix rate",
                List.of(ProgramSource.resource(MatrixRate.class, "matrix_rate.py")),
                Map.of());
        Tensor a = Tensor.of(numbers, SIZE, SIZE);
        Tensor b = Tensor.of(numbers, SIZE, SIZE)) {
      for (String kernel : List.of("blas", "onednn")) {
        best = Math.max(best, best(program, kernel, a, b, nanos));
      }
    }
    return best;
  }

  private static double best(
      TorchProgram program, String kernel, Tensor a, Tensor b, LongSupplier nanos) {
    double best = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      long begun = nanos.getAsLong();
      try (Result _ = program.run(kernel, a, b, (long) TIMES)) {
        double seconds = (nanos.getAsLong() - begun) / 1e9;
        double operations = 2.0 * SIZE * SIZE * SIZE * TIMES;
        best = round == 0 ? 0 : Math.max(best, operations / seconds);
      }
    }
    return best;
  }
}
