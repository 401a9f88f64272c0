package dev.troupe.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TensorTest {
  @Test
  void valuesOfEveryTypeComeBack() {
    try (Tensor floats = Tensor.of(new float[] {1.5f, -2, 3, 4}, 2, 2);
        Tensor doubles = Tensor.of(new double[] {0.1});
        Tensor longs = Tensor.of(new long[] {Long.MIN_VALUE, 7});
        Tensor ints = Tensor.of(new int[] {-1, 7});
        Tensor truths = Tensor.of(new boolean[] {true, false});
        Tensor none = Tensor.of(new float[0], 0, 3)) {
      assertThat(floats.toFloats()).containsExactly(1.5f, -2, 3, 4);
      assertThat(floats.shape()).containsExactly(2, 2);
      assertThat(floats.dtype()).isEqualTo(DType.F32);
      assertThat(floats.device()).isEqualTo("cpu");
      assertThat(floats.toDoubles()).containsExactly(1.5, -2, 3, 4);
      assertThat(doubles.toDoubles()).containsExactly(0.1);
      assertThat(doubles.shape()).isEmpty();
      assertThat(longs.toLongs()).containsExactly(Long.MIN_VALUE, 7);
      assertThat(ints.toInts()).containsExactly(-1, 7);
      assertThat(ints.toLongs()).containsExactly(-1, 7);
      assertThat(truths.toLongs()).containsExactly(1, 0);
      assertThat(truths.dtype()).isEqualTo(DType.BOOL);
      assertThat(none.toFloats()).isEmpty();
      assertThat(none.shape()).containsExactly(0, 3);
    }
  }

  @Test
  void halfPrecisionTravelsAsBits() {
    TensorData bf16 =
        new TensorData(
            DType.BF16,
            List.of(2L),
            ByteString.copyFrom(new byte[] {(byte) 0x80, 0x3f, 0, (byte) 0xc0}));
    TensorData f16 =
        new TensorData(
            DType.F16, List.of(1L, 2L), ByteString.copyFrom(new byte[] {0, 0x3c, 0, (byte) 0xc0}));
    for (TensorData data : List.of(bf16, f16)) {
      try (Tensor tensor = Tensor.of(data);
          Tensor wide = tensor.to(DType.F32);
          Tensor back = wide.to(data.dtype())) {
        assertThat(tensor.dtype()).isEqualTo(data.dtype());
        assertThat(tensor.toFloats()).containsExactly(1, -2);
        assertThat(tensor.toData()).isEqualTo(data);
        assertThat(wide.dtype()).isEqualTo(DType.F32);
        assertThat(back.toData()).isEqualTo(data);
      }
    }
  }

  @Test
  void copiesShareNothingAndPlacementShares() {
    try (TorchProgram program =
            TorchProgram.compile(
                "fill",
                List.of(
                    new ProgramSource(
                        "fill.py",
                        """
                        class Program(Module):
                            def fill(self, x: Tensor) -> Tensor:
                                return x.fill_(9)
                        """)),
                java.util.Map.of());
        Tensor tensor = Tensor.of(new float[] {1, 2});
        Tensor copy = tensor.copy();
        Tensor same = tensor.to("cpu")) {
      program.run("fill", tensor).close();
      assertThat(copy.toFloats()).containsExactly(1, 2);
      assertThat(same.toFloats()).containsExactly(9, 9);
    }
    assertThat(TorchRuntime.devices()).startsWith("cpu");
  }

  @Test
  void misuseIsRefused() {
    assertThatThrownBy(() -> Tensor.of(new float[] {1, 2}, 3))
        .hasMessage("shape [3] needs [3] elements, got [2]");
    Tensor tensor = Tensor.of(new float[] {1, 2});
    tensor.close();
    tensor.close();
    assertThatThrownBy(tensor::toFloats).hasMessage("tensor is closed");
    try (Tensor open = Tensor.of(new float[] {1})) {
      assertThatThrownBy(() -> open.to("nowhere")).isInstanceOf(ProgramRunException.class);
    }
  }
}
