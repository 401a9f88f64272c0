package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Optional;

/** An optional value, null standing for none. */
final class OptionalSerializer extends Serializer<Optional<Object>> {
  @Override
  public void write(Kryo kryo, Output output, Optional<Object> value) {
    kryo.writeClassAndObject(output, value.orElse(null));
  }

  @Override
  public Optional<Object> read(Kryo kryo, Input input, Class<? extends Optional<Object>> type) {
    return Optional.ofNullable(kryo.readClassAndObject(input));
  }
}
