package dev.troupe.protocol.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.troupe.protocol.proto.DTypeMessage;
import dev.troupe.protocol.proto.TensorMessage;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.tensor.TensorData;

/** Tensors and plain arrays, as little-endian bytes. */
public final class TensorCodec {
  public static final RecordCodec<TensorData, TensorMessage> TENSOR =
      new RecordCodec<>(
          "Tensor", TensorMessage.parser(), TensorCodec::toMessage, TensorCodec::fromMessage);

  static final EnumMapping<DType, DTypeMessage> DTYPES =
      EnumMapping.of(
          DType.values(),
          dtype ->
              switch (dtype) {
                case F64 -> DTypeMessage.DTYPE_F64;
                case F32 -> DTypeMessage.DTYPE_F32;
                case BF16 -> DTypeMessage.DTYPE_BF16;
                case F16 -> DTypeMessage.DTYPE_F16;
                case I64 -> DTypeMessage.DTYPE_I64;
                case I32 -> DTypeMessage.DTYPE_I32;
                case U8 -> DTypeMessage.DTYPE_U8;
                case BOOL -> DTypeMessage.DTYPE_BOOL;
              });

  private TensorCodec() {}

  static TensorMessage toMessage(TensorData tensor) {
    return TensorMessage.newBuilder()
        .setDtype(DTYPES.wire(tensor.dtype()))
        .addAllShape(tensor.shape())
        .setData(tensor.bytes())
        .build();
  }

  static TensorData fromMessage(TensorMessage message, Where where) {
    DType dtype = DTYPES.read(where, "dtype", message.getDtypeValue());
    return where.make(() -> new TensorData(dtype, message.getShapeList(), message.getData()));
  }

  static ByteString bytes(IntArray values) {
    return UnsafeByteOperations.unsafeWrap(values.toLittleEndian());
  }

  static ByteString bytes(FloatArray values) {
    return UnsafeByteOperations.unsafeWrap(values.toLittleEndian());
  }

  static IntArray ints(Where where, String field, ByteString bytes) {
    return IntArray.fromLittleEndian(
        where.whole(field, bytes, Integer.BYTES).asReadOnlyByteBuffer());
  }

  static FloatArray floats(Where where, String field, ByteString bytes) {
    return FloatArray.fromLittleEndian(
        where.whole(field, bytes, Float.BYTES).asReadOnlyByteBuffer());
  }
}
