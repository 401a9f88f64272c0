package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.List;

/** A constant by its place; the fingerprint covers the constants. */
final class EnumSerializer extends Serializer<Object> {
  private final List<Object> constants;

  EnumSerializer(Object[] constants) {
    super(false, true);
    this.constants = List.of(constants);
  }

  @Override
  public void write(Kryo kryo, Output output, Object constant) {
    output.writeVarInt(constants.indexOf(constant), true);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    int ordinal = input.readVarInt(true);
    if (ordinal < 0 || ordinal >= constants.size()) {
      throw new KryoException("constant " + ordinal + " of " + constants.size());
    }
    return constants.get(ordinal);
  }
}
