package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A map, entry by entry; like {@link CollectionSerializer}. */
final class MapSerializer extends Serializer<Map<Object, Object>> {
  private final Supplier<Map<Object, Object>> begin;
  private final UnaryOperator<Map<Object, Object>> finish;
  private final boolean kept;

  private MapSerializer(
      Supplier<Map<Object, Object>> begin,
      UnaryOperator<Map<Object, Object>> finish,
      boolean kept) {
    this.begin = begin;
    this.finish = finish;
    this.kept = kept;
  }

  static MapSerializer of(Supplier<Map<Object, Object>> begin) {
    return new MapSerializer(begin, map -> map, true);
  }

  static MapSerializer of(
      Supplier<Map<Object, Object>> begin, UnaryOperator<Map<Object, Object>> finish) {
    return new MapSerializer(begin, finish, false);
  }

  @Override
  public void write(Kryo kryo, Output output, Map<Object, Object> map) {
    output.writeVarInt(map.size(), true);
    for (Map.Entry<Object, Object> entry : map.entrySet()) {
      kryo.writeClassAndObject(output, StandardTypes.key(entry.getKey()));
      kryo.writeClassAndObject(output, entry.getValue());
    }
  }

  @Override
  public Map<Object, Object> read(
      Kryo kryo, Input input, Class<? extends Map<Object, Object>> type) {
    int count = Bounded.count(input, 2);
    Map<Object, Object> map = begin.get();
    if (kept) {
      kryo.reference(map);
    }
    for (int i = 0; i < count; i++) {
      Object key = StandardTypes.key(kryo.readClassAndObject(input));
      if (map.containsKey(key)) {
        throw new KryoException("a key of a map twice");
      }
      map.put(key, kryo.readClassAndObject(input));
    }
    return finish.apply(map);
  }
}
