package dev.troupe.protocol.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TensorDataTest {

  @Test
  void elementsLieRowMajorAndLittleEndian() {
    TensorData tensor = TensorData.of(new int[] {1, 2, 0x01020304, -1}, 2, 2);
    assertThat(tensor.dtype()).isEqualTo(DType.I32);
    assertThat(tensor.shape()).containsExactly(2L, 2L);
    assertThat(tensor.bytes().toByteArray())
        .containsExactly(1, 0, 0, 0, 2, 0, 0, 0, 4, 3, 2, 1, -1, -1, -1, -1);
  }

  @Test
  void arraysComeBackFromTheirTensors() {
    assertThat(TensorData.of(new float[] {1.5f, -0f}, 2).toFloats()).containsExactly(1.5f, -0f);
    assertThat(TensorData.of(new double[] {1e300}, 1).toDoubles()).containsExactly(1e300);
    assertThat(TensorData.of(new long[] {Long.MIN_VALUE}, 1).toLongs())
        .containsExactly(Long.MIN_VALUE);
    assertThat(TensorData.of(new int[] {7}).toInts()).containsExactly(7);
    assertThat(TensorData.of(new boolean[] {true, false}, 2).toBooleans())
        .containsExactly(true, false);
  }

  @Test
  void narrowTypesWidenWithoutLoss() {
    var bf16 = new TensorData(DType.BF16, List.of(3L), bytes(0x80, 0x3f, 0x20, 0xc0, 0x80, 0xff));
    assertThat(bf16.toFloats()).containsExactly(1f, -2.5f, Float.NEGATIVE_INFINITY);
    var f16 = new TensorData(DType.F16, List.of(2L), bytes(0x00, 0x3c, 0x01, 0x00));
    assertThat(f16.toFloats()).containsExactly(1f, 0x1p-24f);
    assertThat(f16.toDoubles()).containsExactly(1, 0x1p-24);
    var u8 = new TensorData(DType.U8, List.of(2L), bytes(255, 1));
    assertThat(u8.toInts()).containsExactly(255, 1);
    assertThat(u8.toLongs()).containsExactly(255, 1);
    assertThat(u8.toDoubles()).containsExactly(255, 1);
  }

  @Test
  void refusesToReadAsATypeThatWouldLose() {
    assertThatThrownBy(() -> TensorData.of(new double[] {1}, 1).toFloats())
        .hasMessage("only tensors of [F32, F16, BF16] are read as floats without loss, got F64[1]");
    assertThatThrownBy(() -> TensorData.of(new long[] {1}, 1).toInts())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> TensorData.of(new long[] {1}, 1).toDoubles())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> TensorData.of(new float[] {1}, 1).toLongs())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> TensorData.of(new int[] {1}, 1).toBooleans())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aScalarHasOneElementAndAnEmptyExtentNone() {
    assertThat(TensorData.of(new float[] {3}).elements()).isEqualTo(1);
    assertThat(TensorData.of(new float[0], 0, 1L << 60, 1L << 60).elements()).isZero();
  }

  @Test
  void refusesBytesThatDontFillTheShape() {
    assertThatThrownBy(() -> TensorData.of(new float[] {1, 2, 3}, 2, 2))
        .hasMessage("[bytes] must be [4] elements of [4] bytes for F32[2, 2], got [12]");
    assertThatThrownBy(() -> TensorData.of(new float[1], -1))
        .hasMessageContaining("extents of at least 0");
    assertThatThrownBy(() -> TensorData.of(new float[1], 1L << 40, 1L << 40))
        .hasMessageContaining("fewer than 2^63 elements");
    assertThatThrownBy(() -> TensorData.of(new float[1], new long[33]))
        .hasMessageContaining("at most 32 extents");
  }

  @Test
  void plainArraysAreFourBytesAnElement() {
    assertThat(IntArray.of(1, -2).toLittleEndian()).containsExactly(1, 0, 0, 0, -2, -1, -1, -1);
    assertThat(FloatArray.of(1f).toLittleEndian()).containsExactly(0, 0, 0x80, 0x3f);
    ByteBuffer source = ByteBuffer.wrap(new byte[] {9, 1, 0, 0, 0, 0, 0, 0x80 - 256, 0x3f});
    assertThat(IntArray.fromLittleEndian(source.position(1).limit(5))).isEqualTo(IntArray.of(1));
    assertThat(source.position()).isEqualTo(1);
    assertThat(FloatArray.fromLittleEndian(source.limit(9).position(5)))
        .isEqualTo(FloatArray.of(1f));
    assertThatThrownBy(() -> IntArray.fromLittleEndian(ByteBuffer.allocate(6)))
        .hasMessage("ints take a multiple of [4] bytes, got [6]");
  }

  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.copyFrom(bytes);
  }
}
