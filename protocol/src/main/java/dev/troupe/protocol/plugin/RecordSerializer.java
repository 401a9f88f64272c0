package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A record by its components, made by its canonical constructor. */
final class RecordSerializer extends Serializer<Object> {
  private final Class<?>[] types;
  private final Method[] accessors;
  private final Constructor<?> constructor;

  RecordSerializer(Class<?> record) {
    super(false, true);
    RecordComponent[] components = record.getRecordComponents();
    types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    try {
      constructor = record.getDeclaredConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has a canonical constructor", e);
    }
    constructor.setAccessible(true);
    for (Method accessor : accessors) {
      accessor.setAccessible(true);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Object record) {
    for (int i = 0; i < types.length; i++) {
      Object value = component(record, accessors[i]);
      if (value != null && types[i].isPrimitive()) {
        kryo.writeObject(output, value);
      } else {
        kryo.writeClassAndObject(output, value);
      }
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    var values = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] =
          types[i].isPrimitive()
              ? kryo.readObject(input, types[i])
              : kryo.readClassAndObject(input);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new KryoException("refused by " + type.getName() + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new KryoException("no " + type.getName(), e);
    }
  }

  private static @Nullable Object component(Object record, Method accessor) {
    try {
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new KryoException("no " + accessor, e);
    }
  }
}
