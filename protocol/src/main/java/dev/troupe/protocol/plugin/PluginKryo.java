package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import com.esotericsoftware.kryo.util.MapReferenceResolver;

/** Kryo with nothing left to chance: fixed ids, our serializers, bounded references. */
final class PluginKryo {
  /** Ids below are the standard types'. */
  private static final int FIRST_ID = 100;

  private PluginKryo() {}

  static Kryo create(PluginTypes types, PluginLimits limits) {
    var kryo = new Kryo(new RegisteredOnly(), new BoundedReferences(limits.objectsMax()));
    kryo.setRegistrationRequired(true);
    kryo.setMaxDepth(limits.depthMax());
    kryo.setOptimizedGenerics(false);
    StandardTypes.register(kryo);
    int id = FIRST_ID;
    for (Class<?> type : types.types()) {
      kryo.register(type, serializer(type), id++);
    }
    return kryo;
  }

  private static Serializer<?> serializer(Class<?> type) {
    if (type.isRecord()) {
      return new RecordSerializer(type);
    }
    return type.isEnum()
        ? new EnumSerializer(type.getEnumConstants())
        : new ObjectArraySerializer(type.componentType());
  }

  /** Classes have ids; their names are neither written nor read. */
  private static final class RegisteredOnly extends DefaultClassResolver {
    @Override
    protected Registration readName(Input input) {
      throw new KryoException("a class by its name");
    }
  }

  /** References point backwards, to a whole object of the right type, and are counted. */
  private static final class BoundedReferences extends MapReferenceResolver {
    private final int objectsMax;
    private int written;

    BoundedReferences(int objectsMax) {
      this.objectsMax = objectsMax;
    }

    @Override
    public int addWrittenObject(Object object) {
      bounded(written++);
      return super.addWrittenObject(object);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public int nextReadId(Class type) {
      bounded(readObjects.size());
      return super.nextReadId(type);
    }

    private void bounded(int objects) {
      if (objects >= objectsMax) {
        throw new KryoException("more than " + objectsMax + " objects");
      }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object getReadObject(Class type, int id) {
      if (id < 0 || id >= readObjects.size()) {
        throw new KryoException("reference " + id + " of " + readObjects.size());
      }
      Object object = readObjects.get(id);
      if (!type.isInstance(object)) {
        throw new KryoException("reference " + id + " is no " + type.getName());
      }
      return object;
    }

    @Override
    public void reset() {
      written = 0;
      super.reset();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public boolean useReferences(Class type) {
      return !StandardTypes.isScalar(type);
    }
  }
}
