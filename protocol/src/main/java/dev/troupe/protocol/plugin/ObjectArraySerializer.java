package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;

/** An array of objects, element by element. */
final class ObjectArraySerializer extends Serializer<Object> {
  private final Class<?> componentType;

  ObjectArraySerializer(Class<?> componentType) {
    this.componentType = componentType;
  }

  @Override
  public void write(Kryo kryo, Output output, Object array) {
    var elements = (Object[]) array;
    output.writeVarInt(elements.length, true);
    for (Object element : elements) {
      kryo.writeClassAndObject(output, element);
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    var elements = (Object[]) Array.newInstance(componentType, Bounded.count(input, 1));
    kryo.reference(elements);
    for (int i = 0; i < elements.length; i++) {
      elements[i] = kryo.readClassAndObject(input);
    }
    return elements;
  }
}
