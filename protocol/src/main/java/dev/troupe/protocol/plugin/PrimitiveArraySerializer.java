package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BiConsumer;

/** An array of primitives as little-endian bytes. */
final class PrimitiveArraySerializer<A> extends Serializer<A> {
  private final Class<A> type;
  private final int bytesEach;
  private final BiConsumer<ByteBuffer, A> put;
  private final BiConsumer<ByteBuffer, A> get;

  private PrimitiveArraySerializer(
      Class<A> type, int bytesEach, BiConsumer<ByteBuffer, A> put, BiConsumer<ByteBuffer, A> get) {
    this.type = type;
    this.bytesEach = bytesEach;
    this.put = put;
    this.get = get;
  }

  static void register(Kryo kryo, int firstId) {
    int id = firstId;
    for (var serializer :
        new PrimitiveArraySerializer<?>[] {
          new PrimitiveArraySerializer<>(byte[].class, 1, ByteBuffer::put, ByteBuffer::get),
          new PrimitiveArraySerializer<>(
              boolean[].class, 1, PrimitiveArraySerializer::put, PrimitiveArraySerializer::get),
          new PrimitiveArraySerializer<>(
              char[].class,
              2,
              (b, a) -> b.asCharBuffer().put(a),
              (b, a) -> b.asCharBuffer().get(a)),
          new PrimitiveArraySerializer<>(
              short[].class,
              2,
              (b, a) -> b.asShortBuffer().put(a),
              (b, a) -> b.asShortBuffer().get(a)),
          new PrimitiveArraySerializer<>(
              int[].class, 4, (b, a) -> b.asIntBuffer().put(a), (b, a) -> b.asIntBuffer().get(a)),
          new PrimitiveArraySerializer<>(
              long[].class,
              8,
              (b, a) -> b.asLongBuffer().put(a),
              (b, a) -> b.asLongBuffer().get(a)),
          new PrimitiveArraySerializer<>(
              float[].class,
              4,
              (b, a) -> b.asFloatBuffer().put(a),
              (b, a) -> b.asFloatBuffer().get(a)),
          new PrimitiveArraySerializer<>(
              double[].class,
              8,
              (b, a) -> b.asDoubleBuffer().put(a),
              (b, a) -> b.asDoubleBuffer().get(a)),
        }) {
      kryo.register(serializer.type, serializer, id++);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, A array) {
    int count = Array.getLength(array);
    var bytes = new byte[Math.multiplyExact(count, bytesEach)];
    put.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), array);
    output.writeVarInt(count, true);
    output.writeBytes(bytes);
  }

  @Override
  public A read(Kryo kryo, Input input, Class<? extends A> ignored) {
    int count = Bounded.count(input, bytesEach);
    A array = type.cast(Array.newInstance(type.componentType(), count));
    byte[] bytes = input.readBytes(count * bytesEach);
    get.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), array);
    return array;
  }

  private static void put(ByteBuffer bytes, boolean[] array) {
    for (boolean element : array) {
      bytes.put((byte) (element ? 1 : 0));
    }
  }

  private static void get(ByteBuffer bytes, boolean[] array) {
    for (int i = 0; i < array.length; i++) {
      array[i] = bytes.get() != 0;
    }
  }
}
