package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A collection, element by element. It is filled as {@code begin} made it, and then given to {@code
 * finish}; only a collection that stays what it was can hold a reference to itself.
 */
final class CollectionSerializer<C extends Collection<Object>>
    extends Serializer<Collection<Object>> {
  private final Supplier<C> begin;
  private final Function<C, ? extends Collection<Object>> finish;
  private final boolean kept;

  private CollectionSerializer(
      Supplier<C> begin, Function<C, ? extends Collection<Object>> finish, boolean kept) {
    this.begin = begin;
    this.finish = finish;
    this.kept = kept;
  }

  static <C extends Collection<Object>> CollectionSerializer<C> of(Supplier<C> begin) {
    return new CollectionSerializer<>(begin, collection -> collection, true);
  }

  static <C extends Collection<Object>> CollectionSerializer<C> of(
      Supplier<C> begin, Function<C, ? extends Collection<Object>> finish) {
    return new CollectionSerializer<>(begin, finish, false);
  }

  @Override
  public void write(Kryo kryo, Output output, Collection<Object> collection) {
    output.writeVarInt(collection.size(), true);
    boolean set = collection instanceof Set;
    for (Object element : collection) {
      kryo.writeClassAndObject(output, set ? StandardTypes.key(element) : element);
    }
  }

  @Override
  public Collection<Object> read(Kryo kryo, Input input, Class<? extends Collection<Object>> type) {
    int count = Bounded.count(input, 1);
    C collection = begin.get();
    if (kept) {
      kryo.reference(collection);
    }
    boolean set = collection instanceof Set;
    for (int i = 0; i < count; i++) {
      Object element = kryo.readClassAndObject(input);
      if (!collection.add(set ? StandardTypes.key(element) : element)) {
        throw new KryoException("an element of a set twice");
      }
    }
    return finish.apply(collection);
  }
}
